#include "action/session_change.h"

#include "http/browser.h"
#include "http/cookie.h"

namespace actiond {

std::optional<SessionId> SessionChange::apply(Visit& visit, const Result& result,
                                              Transaction& tx) const {
  if (const auto* redirect = std::get_if<Redirect>(&result);
      redirect != nullptr && !redirect->proven_account.empty())
    tries_.make_known(visit, normalised_account(redirect->proven_account), DeviceId::make(), tx);
  if (!changes_session(result)) return std::nullopt;
  if (visit.session) sessions_.end(tx, *visit.session);
  const auto* start = std::get_if<StartSession>(&result);
  if (start == nullptr) {
    clear_cookie(visit);
    return std::nullopt;
  }
  const SessionId session = SessionId::make();
  const Time now = clock_();
  sessions_.start(tx, session, start->user_id, now, now + life_,
                  browser_of(visit.request.header("user-agent").value_or("")));
  set_cookie(visit, session, life_);
  tries_.forgive(visit, tx);
  visit.record.user_id = start->user_id;
  return session;
}

void SessionChange::resume(Visit& visit, const std::optional<Identity>& started,
                           Transaction& tx) const {
  if (!started) {
    clear_cookie(visit);
    return;
  }
  if (visit.session && visit.session->bytes != started->session.bytes)
    sessions_.end(tx, *visit.session);
  set_cookie(visit, started->session, started->ends_at - clock_());
  tries_.forgive(visit, tx);
  visit.record.user_id = started->user_id;
}

void SessionChange::set_cookie(Visit& visit, const SessionId& session,
                               std::chrono::seconds life) const {
  visit.set_cookies = {set_session_cookie(sign(session, keys_), life, visit.request.https)};
}

void SessionChange::clear_cookie(Visit& visit) const {
  visit.set_cookies = {set_session_cookie("", std::chrono::seconds(0), visit.request.https)};
}

}  // namespace actiond
