#include "action/visit.h"

#include "action/result_answer.h"
#include "base/encoding.h"
#include "http/answer.h"

namespace actiond {

void Visit::require_time(Time now) const {
  if (now > request.deadline) throw Unavailable("the turn came too late");
}

Response Visit::fail(const Problem& problem) {
  // The detail may quote what was sent, which has no place in a log.
  record.reason = problem.reason.empty() ? reason_phrase(problem.status) : problem.reason;
  return problems.give(problem, media, request);
}

Response Visit::refuse(const Action& action, Refusal refusal) {
  if (refusal == Refusal::NotPermitted)
    return fail({.status = 403, .detail = "access.not_permitted", .reason = "not permitted"});
  const bool signed_in = refusal == Refusal::NoAccess;
  const std::string reason = signed_in ? "no access" : "not signed in";
  if (media != Media::Html)
    return fail(signed_in
                    ? Problem{.status = 402, .detail = "answer.needs_access", .reason = reason}
                    : Problem{.status = 401, .detail = "answer.sign_in_first", .reason = reason});
  record.reason = reason;
  if (signed_in) return to_response(Redirect{"/upgrade.html"}, media);
  // Back to the action's own page afterwards: what was posted is not kept.
  const std::string next = action.form.page.empty() ? "/" : "/actions/" + action.name;
  return to_response(Redirect{std::string(sign_in_page) + "?next=" + to_percent_encoded(next)},
                     media);
}

}  // namespace actiond
