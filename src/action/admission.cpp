#include "action/admission.h"

#include <algorithm>

#include "access/token.h"
#include "http/bearer.h"
#include "http/cookie.h"

namespace actiond {
namespace {

bool is_for(const Identity& identity, const std::string& action) {
  return identity.token_actions && std::ranges::count(*identity.token_actions, action) > 0;
}

Asking asking_of(const Visit& visit) {
  return {.at = {},
          .language = visit.language,
          .ticket = visit.ticket,
          .sent_from = visit.place.address};
}

}  // namespace

Viewer viewer_of(const Identity& identity) {
  const auto names = identity.permissions(identity.asked_at);
  return {identity.name, identity.email, {names.begin(), names.end()}};
}

std::optional<Response> Admission::recognise(Visit& visit) const {
  if (const auto bearer = bearer_token(visit.request)) {
    visit.token = hash_of_api_token(*bearer);
    return visit.token ? std::nullopt : std::optional(visit.refuse_token());
  }
  if (const auto token = ticket_cookie(visit.request)) visit.ticket = verify_ticket(*token, keys_);
  if (const auto token = session_cookie(visit.request)) {
    visit.session = verify(*token, keys_);
    visit.is_outdated = visit.session && is_signed_by_old_key(*token, keys_);
  }
  return std::nullopt;
}

std::optional<Response> Admission::admit(Visit& visit, const Action* action, Reader& db) const {
  if (!visit.token) return std::nullopt;
  const Gate found = gate(db, visit);
  if (!found.identity()) return visit.refuse_token();
  if (action != nullptr && is_for(*found.identity(), action->name)) return std::nullopt;
  return visit.fail({.status = 403,
                     .detail = "answer.token_scope",
                     .challenge = "Bearer error=\"insufficient_scope\"",
                     .reason = "bearer token for other actions"});
}

Gate Admission::gate(Reader& db, Visit& visit) const {
  Gate asked = gate_of(db, visit.session, visit.token, asking_of(visit));
  if (asked.identity()) note_use(visit, *asked.identity());
  return asked;
}

Gate Admission::gate_of(Reader& db, const std::optional<SessionId>& session,
                        const std::optional<ApiTokenHash>& token, Asking asking) const {
  asking.at = clock_();
  if (token) return Gate(db, tokens_, *token, std::move(asking));
  return Gate(db, sessions_, session, std::move(asking));
}

Gate Admission::gate_for(const Guard& guard, Reader& db, Visit& visit) const {
  if (guard.asks_nobody() && !visit.token) return gate_of(db, std::nullopt, std::nullopt, {});
  return gate(db, visit);
}

void Admission::note_use(Visit& visit, const Identity& identity) const {
  visit.record.user_id = identity.user_id;
  if (visit.media == Media::Html) visit.viewer = viewer_of(identity);
  const Time now = identity.asked_at;
  const bool is_due = identity.seen_at + seen_to_within <= now;
  if (visit.token) {
    if (is_due && note_seen_.token) note_seen_.token(*visit.token, now);
    return;
  }
  if (is_due && note_seen_.session) note_seen_.session(identity.session, now);
  // The same session under the key that signs now, so that the old one can be dropped.
  if (visit.is_outdated && visit.set_cookies.empty())
    visit.set_cookies = {set_session_cookie(sign(identity.session, keys_), identity.ends_at - now,
                                            visit.request.https)};
}

}  // namespace actiond
