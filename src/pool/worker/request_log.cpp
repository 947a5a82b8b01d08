#include "pool/worker/request_log.h"

#include <array>

#include "base/log.h"

namespace actiond {
namespace {

constexpr std::array<std::string_view, phase_names.size()> phase_fields{
    "wait_ms", "check_ms", "body_ms", "work_ms", "queue_ms", "write_ms", "commit_ms", "answer_ms"};

}  // namespace

void log_request(const Request& request, const Response& response, const Trace& trace) {
  const int status = response.status();
  const Record& record = response.record;
  const bool slow = trace.total() > slow_request();
  LogLine line(status >= 500 ? "error" : slow ? "warning" : "info", "request");
  line.add("id", request.id);
  line.add("method", request.method);
  // A query that was written as a part of the path is none, and has no place here either.
  line.add("path", request.path.substr(0, request.path.find('?')));
  line.add("action", record.action);
  line.add("access", record.level);
  if (record.user_id) line.add_number("user", *record.user_id);
  line.add_number("status", status);
  line.add("reason", record.reason);
  if (status >= 500) line.add("declared", record.declared);
  if (slow) line.add("slow", to_text(trace.longest()));
  line.add_time("ms", trace.total());
  for (std::size_t at = 0; at < phase_fields.size(); ++at) {
    const auto spent = trace.spent(static_cast<Phase>(at));
    if (spent.count() != 0) line.add_time(phase_fields[at], spent);
  }
  if (status >= 500 || slow)
    line.write();
  else
    line.keep();
}

}  // namespace actiond
