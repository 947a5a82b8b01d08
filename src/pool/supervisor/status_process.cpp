#include "pool/supervisor/status_process.h"

#include <sys/prctl.h>

#include <memory>

#include "http/answer.h"
#include "pool/status/metrics.h"
#include "pool/status/status_text.h"

namespace actiond {
namespace {

Response respond(const Request& request, const Counters& counters, const StatusSources& sources) {
  const Media media = preferred_media(request.list_header("accept"));
  const bool metrics = request.path == "/-/metrics";
  if (!metrics && request.path != "/-/status")
    return to_response(Problem{404, "There are /-/status and /-/metrics."}, media, request.id);
  if (request.method != "GET" && request.method != "HEAD")
    return to_response(
        Problem{.status = 405, .detail = "Allowed here: GET, HEAD.", .allow = "GET, HEAD"}, media,
        request.id);
  const Snapshot snapshot = take_snapshot(counters, sources.version, sources.look());
  if (metrics) return to_response(metrics_type, to_metrics(snapshot));
  switch (media) {
    case Media::Html: return to_response(html_type, to_status_page(snapshot));
    case Media::Text: return to_response(text_type, to_status_text(snapshot));
    case Media::Json: break;
  }
  return to_response(json_type, to_status_json(snapshot));
}

}  // namespace

Service status_service(const Counters& counters, const StatusSources& sources) {
  return {.answer =
              [&counters, &sources](Request& request, const Reply& reply) {
                Response response = respond(request, counters, sources);
                response.set_header("X-Request-Id", request.id);
                response.set_header("Cache-Control", "no-store");
                response.set_header("Vary", "Accept");
                reply(std::move(response));
              },
          .opens = sources.opens,
          .logs_requests = false};
}

int run_status(int listening, const Counters& counters, const StatusSources& sources,
               const std::function<void()>& ready) {
  prctl(PR_SET_NAME, "actiond-status");
  const auto cell = std::make_unique<WorkerCell>();  // it does not count itself
  const Handover nobody;                             // what is left of it ends with it
  return run_worker(
      {listening, nobody}, {counters, *cell}, 1,
      [&](WorkerCell&) { return status_service(counters, sources); }, ready);
}

}  // namespace actiond
