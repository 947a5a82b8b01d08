#include "store/sessions.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {

// A row for each grant of the account, or one without: a session is read in one statement, by the
// primary keys of three tables.
std::optional<Identity> SessionRows::find(Reader& db, const SessionId& id, Time now) const {
  auto rows = db.rows<std::int64_t, std::string, std::string, Time, Time,
                      std::optional<std::string>, std::optional<Time>>(
      "SELECT users.id, email, users.name, coalesce(seen_at, sessions.created_at), "
      "coalesce(ends_at, expires_at), grants.name, until "
      "FROM sessions JOIN users ON users.id = sessions.user_id "
      "LEFT JOIN grants ON grants.user_id = users.id "
      "WHERE sessions.id = ? AND expires_at > ? AND disabled_at IS NULL",
      Blob{id.bytes}, now);
  if (rows.empty()) return std::nullopt;
  std::vector<Grant> grants;
  for (auto& row : rows)
    if (auto& name = std::get<5>(row)) grants.push_back({*std::move(name), *std::get<6>(row)});
  auto& [user_id, email, name, seen_at, ends_at, grant, until] = rows.front();
  return Identity{user_id, std::move(email), std::move(name), std::move(grants),
                  id,      seen_at,          ends_at,         now};
}

void SessionRows::start(Transaction& tx, const SessionId& id, std::int64_t user_id, Time now,
                        Time ends, std::string_view browser) const {
  tx.run("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? LIMIT 8)",
         now);
  tx.run(
      "INSERT INTO sessions (id, user_id, created_at, expires_at, ends_at, browser) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      Blob{id.bytes}, user_id, now, std::min<Time>(ends, now + idle_life_), ends, browser);
  tx.run(
      "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = ? AND id <> ? "
      "ORDER BY coalesce(seen_at, created_at) DESC LIMIT -1 OFFSET ?)",
      user_id, Blob{id.bytes}, most_sessions - 1);
}

void SessionRows::touch(Transaction& tx, const SessionId& id, Time seen) const {
  // On the right of each '=' stands what the row held before.
  tx.run(
      "UPDATE sessions SET seen_at = ?, ends_at = coalesce(ends_at, expires_at), "
      "expires_at = min(coalesce(ends_at, expires_at), ?) "
      "WHERE id = ? AND coalesce(seen_at, created_at) < ? AND expires_at > ?",
      seen, Time(seen + idle_life_), Blob{id.bytes}, seen, seen);
}

void SessionRows::end(Transaction& tx, const SessionId& id) const {
  tx.run("DELETE FROM sessions WHERE id = ?", Blob{id.bytes});
}

// A digest: whoever sees it cannot make the id, and so no cookie, of it.
std::string public_name(const SessionId& session) {
  Sha256 digest;
  digest.add("session.name." + session.bytes);
  return to_base64url(std::move(digest).finish()).substr(0, 16);
}

std::vector<OwnSession> own_sessions(Reader& db, std::int64_t user_id, const SessionId& session,
                                     Time now) {
  std::vector<OwnSession> own;
  const auto rows = db.rows<std::string, std::string, Time, Time, bool>(
      "SELECT id, browser, created_at, coalesce(seen_at, created_at) AS seen, id = ? AS this "
      "FROM sessions WHERE user_id = ? AND expires_at > ? ORDER BY this DESC, seen DESC",
      Blob{session.bytes}, user_id, now);
  for (const auto& [id, browser, made_at, seen_at, is_this] : rows)
    own.push_back({public_name({id}), browser, made_at, seen_at, is_this});
  return own;
}

bool end_session_named(Transaction& tx, std::int64_t user_id, std::string_view name) {
  for (const auto& [id] :
       tx.rows<std::string>("SELECT id FROM sessions WHERE user_id = ?", user_id)) {
    if (public_name({id}) != name) continue;
    tx.run("DELETE FROM sessions WHERE id = ?", Blob{id});
    return true;
  }
  return false;
}

void end_other_sessions(Transaction& tx, std::int64_t user_id, const SessionId& but) {
  tx.run("DELETE FROM sessions WHERE user_id = ? AND id <> ?", user_id, Blob{but.bytes});
}

}  // namespace actiond
