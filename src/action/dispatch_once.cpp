// A submission that comes again: it is answered again, and has no second effect.
#include "action/dispatch.h"
#include "http/cookie.h"

namespace actiond {

std::optional<Dispatcher::Answered> Dispatcher::answered_before(
    const std::optional<Submission>& submission, const Gate& gate, Reader& db) const {
  if (!submission) return std::nullopt;
  const auto found = find_earlier(submissions_, db, *submission, site_.now());
  if (!found) return std::nullopt;
  const std::optional<SessionId>& started = found->earlier.session;
  const auto session = started ? sessions_.find(db, *started, site_.now()) : std::nullopt;
  // A sign-in is not repeated once its session was ended: by a sign-out, another password, the
  // operator.
  if (started && !session) return std::nullopt;
  if (!found->says_the_same)
    return Answered{Problem{409, "This Idempotency-Key was used before, with other fields."}};
  const Result result = result_from_text(found->earlier.result);
  // Nor is a sign-out, for who is signed in.
  if (std::holds_alternative<EndSession>(result) && gate.identity()) return std::nullopt;
  return Answered{result, session};
}

// The session that it started then is the visitor's again; nothing else is done.
void Dispatcher::give_again(Visit& visit, const Answered& answered, Transaction& tx) const {
  visit.replayed = std::holds_alternative<Result>(answered.outcome);
  if (!answered.changed_session()) return;
  const bool https = visit.request.https;
  visit.set_cookies = {set_session_cookie("", std::chrono::seconds(0), https)};
  if (!answered.session) return;
  const Identity& started = *answered.session;
  if (visit.session && visit.session->bytes != started.session.bytes)
    sessions_.end(tx, *visit.session);
  visit.set_cookies = {
      set_session_cookie(sign(started.session, keys_), started.ends_at - site_.now(), https)};
  forgive_try(visit, tx);
  visit.record.user_id = started.user_id;
}

}  // namespace actiond
