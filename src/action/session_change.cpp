#include "action/session_change.h"

#include "http/browser.h"
#include "http/cookie.h"

namespace actiond {

std::optional<SessionId> SessionChange::apply(Visit& visit, const Result& result,
                                              Transaction& tx) const {
  if (const auto* redirect = std::get_if<Redirect>(&result)) {
    make_known(visit, redirect->proven_account, tx);
    if (redirect->ticket)
      visit.set_cookies.push_back(
          set_ticket_cookie(sign(*redirect->ticket, keys_), ticket_life, visit.request.https));
  }
  if (!changes_session(result)) return std::nullopt;
  if (visit.session) sessions_.end(tx, *visit.session);
  const auto* start = std::get_if<StartSession>(&result);
  if (start == nullptr) {
    clear_cookie(visit);
    return std::nullopt;
  }
  const SessionId session = SessionId::make();
  const Time now = clock_();
  const std::string_view agent = visit.request.header("user-agent").value_or("");
  sessions_.start(tx, session, start->user_id, now, now + life_, browser_of(agent));
  if (start->in_new_browser && !is_known(visit, *start, tx))
    start->in_new_browser(tx, known_browser_of(agent));
  if (start->mail) start->mail->order(tx, tries_.take_mail(visit, start->mail->to, tx));
  set_cookie(visit, session, life_);
  tries_.forgive(visit, tx);
  make_known(visit, start->proven_account, tx);
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

bool SessionChange::is_known(const Visit& visit, const StartSession& start, Reader& db) const {
  if (start.proven_account.empty())
    return visit.attempt && visit.attempt->attempt.from_known_device;
  return tries_.knows(visit, normalised_account(start.proven_account), db);
}

void SessionChange::make_known(Visit& visit, const std::string& account, Reader& db) const {
  if (account.empty()) return;
  tries_.make_known(visit, normalised_account(account), DeviceId::make(), db);
}

void SessionChange::set_cookie(Visit& visit, const SessionId& session,
                               std::chrono::seconds life) const {
  visit.set_cookies = {set_session_cookie(sign(session, keys_), life, visit.request.https)};
}

void SessionChange::clear_cookie(Visit& visit) const {
  visit.set_cookies = {set_session_cookie("", std::chrono::seconds(0), visit.request.https)};
}

}  // namespace actiond
