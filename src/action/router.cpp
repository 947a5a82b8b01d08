#include "action/router.h"

#include <algorithm>
#include <array>

#include "http/cookie.h"
#include "http/same_site.h"

namespace actiond {
namespace {

constexpr std::string_view prefix = "/actions/";
constexpr std::string_view gate_prefix = "/-/gate/", upload_prefix = "/-/upload/";

// Headers that decide something: of two, nginx or another filter may have believed the other one.
std::optional<std::string_view> repeated_header(const Request& request) {
  constexpr std::array<std::string_view, 7> single{"authorization", "content-type",    "cookie",
                                                   "host",          "idempotency-key", "origin",
                                                   "sec-fetch-site"};
  const auto named = [&request](std::string_view name) {
    return std::count_if(request.headers.begin(), request.headers.end(),
                         [name](const Header& header) { return header.name == name; });
  };
  const auto found = std::find_if(single.begin(), single.end(),
                                  [&](std::string_view name) { return named(name) > 1; });
  if (found == single.end()) return std::nullopt;
  return *found;
}

std::optional<std::string_view> name_in(const Request& request) {
  if (!request.path.starts_with(prefix)) return std::nullopt;
  return std::string_view(request.path).substr(prefix.size());
}

Route refused(Route route, Problem problem) {
  route.refusal = std::move(problem);
  return route;
}

}  // namespace

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

const Action* Router::action(const Request& request) const {
  const auto name = name_in(request);
  return name ? catalogue_.find(*name) : nullptr;
}

Route Router::find(const Request& request) const {
  const auto header = repeated_header(request);
  if (request.path.starts_with(gate_prefix)) {
    Route gate{.name = std::string_view(request.path).substr(gate_prefix.size()),
               .to = Route::To::Gate};
    return header ? refused(gate, {401, "answer.signed_out"}) : gate;
  }
  if (request.path.starts_with(upload_prefix))
    return {.name = std::string_view(request.path).substr(upload_prefix.size()),
            .to = Route::To::Upload};
  if (header)
    return refused({}, {.status = 400,
                        .detail = {"answer.repeated_header", {{"header", std::string(*header)}}},
                        .reason = "repeated header"});
  // nginx serves these itself, but for a browser that carries a note to them.
  if (!request.path.starts_with(prefix) && is_reading(request) && note_cookie(request))
    return {.name = request.path, .to = Route::To::StaticPage};
  const auto name = name_in(request);
  Route route{.name = name, .action = action(request)};
  const bool built_in = name && (name->empty() || *name == "me" || *name == "openapi.json");
  if (route.action == nullptr && !built_in) return refused({}, {404, "answer.no_such_action"});
  if (auto refusal = cross_site_refusal(request, origins_))
    return refused(route, {.status = 403, .detail = *refusal, .reason = "cross-site"});

  const bool is_shown = built_in || route.action->is_shown();
  const bool is_run = !built_in && !route.action->is_view();
  if (is_shown && is_reading(request)) {
    route.to = built_in ? Route::To::BuiltIn : Route::To::Show;
    return route;
  }
  if (is_run && request.method == "POST") {
    route.to = Route::To::Run;
    return route;
  }
  const std::string allow = !is_run ? "GET, HEAD" : is_shown ? "GET, HEAD, POST" : "POST";
  return refused(
      route, {.status = 405, .detail = {"answer.allowed", {{"methods", allow}}}, .allow = allow});
}

}  // namespace actiond
