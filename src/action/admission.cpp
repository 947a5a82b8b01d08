#include "action/admission.h"

#include "access/token.h"
#include "http/bearer.h"
#include "http/cookie.h"

namespace actiond {

std::optional<Problem> Admission::identify(Visit& visit) const {
  if (bearer_token(visit.request))
    return Problem{.status = 401, .detail = "answer.token", .reason = "bearer token"};
  if (const auto token = session_cookie(visit.request)) {
    visit.session = verify(*token, keys_);
    visit.is_outdated = visit.session && is_signed_by_old_key(*token, keys_);
  }
  return std::nullopt;
}

Gate Admission::gate(Reader& db, Visit& visit) const {
  Gate asked = gate(db, visit.session);
  if (asked.identity()) note_use(visit, *asked.identity());
  return asked;
}

Gate Admission::gate(Reader& db, const std::optional<SessionId>& session) const {
  return Gate(db, sessions_, session, clock_());
}

Gate Admission::gate_for(const Guard& guard, Reader& db, Visit& visit) const {
  if (guard.level == Level::Public) return gate(db, std::nullopt);
  return gate(db, visit);
}

void Admission::note_use(Visit& visit, const Identity& identity) const {
  visit.record.user_id = identity.user_id;
  const Time now = identity.asked_at;
  if (note_seen_ && identity.seen_at + seen_to_within <= now) note_seen_(identity.session, now);
  // The same session under the key that signs now, so that the old one can be dropped.
  if (visit.is_outdated && visit.set_cookies.empty())
    visit.set_cookies = {set_session_cookie(sign(identity.session, keys_), identity.ends_at - now,
                                            visit.request.https)};
}

}  // namespace actiond
