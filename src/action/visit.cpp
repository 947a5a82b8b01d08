#include "action/visit.h"

#include <fmt/format.h>

#include "action/result_answer.h"
#include "http/answer.h"
#include "http/local_path.h"

namespace actiond {
namespace {

// nginx fills no longer one into the page of sign-in: conf/nginx/http.conf.
constexpr std::size_t most_of_next = 2000;

// After sign-in: to the row or list that was asked for.  What was posted is not kept: back to the
// page that it was sent from.
std::string way_back(const Request& request, const Action& action, const FormPlace& place) {
  if (action.form.page.empty()) return "/";
  if (place.filled_by || !action.more_pages.empty()) return as_next(place.address);
  const std::string page = fmt::format("/actions/{}", action.name);
  const std::string asked = fmt::format("{}?{}", page, request.query);
  const bool is_asked = request.method != "POST" && !request.query.empty();
  const std::string whole = as_next(asked);
  const bool fits = whole.size() <= most_of_next && is_local_path(asked);
  return is_asked && fits ? whole : page;
}

}  // namespace

void Visit::require_time(Time now) const {
  if (now > request.deadline) throw Unavailable("the turn came too late");
}

Response Visit::fail(const Problem& problem) {
  // The detail may quote what was sent, which has no place in a log.
  record.reason = problem.reason.empty() ? reason_phrase(problem.status) : problem.reason;
  return problems.give(problem, media, request, viewer ? &*viewer : nullptr);
}

Response Visit::refuse_token() {
  return fail({.status = 401,
               .detail = "answer.token",
               .challenge = "Bearer error=\"invalid_token\"",
               .reason = "bearer token"});
}

Response Visit::refuse(const Action& action, Refusal refusal) {
  if (token && refusal == Refusal::NotSignedIn) return refuse_token();
  if (refusal == Refusal::NotPermitted)
    return fail({.status = 403, .detail = "access.not_permitted", .reason = "not permitted"});
  const bool signed_in = refusal == Refusal::NoAccess;
  const std::string reason = signed_in ? "no access" : "not signed in";
  if (media != Media::Html || token)
    return fail(signed_in
                    ? Problem{.status = 402, .detail = "answer.needs_access", .reason = reason}
                    : Problem{.status = 401, .detail = "answer.sign_in_first", .reason = reason});
  record.reason = reason;
  if (signed_in) return to_response(Redirect{"/upgrade.html"}, media);
  const std::string next = way_back(request, action, place);
  return to_response(Redirect{std::string(sign_in_page) + "?next=" + next}, media);
}

}  // namespace actiond
