#include "store/sessions.h"

#include <algorithm>

#include "base/crypto.h"
#include "base/encoding.h"
#include "store/held_account.h"

namespace actiond {

// A row for each grant that counts, or one without: a session is read in one statement, by the
// primary keys of three tables.
std::optional<Identity> SessionRows::find(Reader& db, const SessionId& id, Time now) const {
  constexpr std::string_view select =
      "SELECT users.id, email, users.name, coalesce(seen_at, sessions.created_at), "
      "coalesce(ends_at, expires_at), grants.name, until, expires_at "
      "FROM sessions JOIN users ON users.id = sessions.user_id "
      "LEFT JOIN grants ON grants.user_id = users.id AND blocked_at IS NULL "
      "WHERE sessions.id = ? AND disabled_at IS NULL";
  auto rows =
      db.rows<std::int64_t, std::string, std::string, Time, Time, std::optional<std::string>,
              std::optional<Time>, Time>(HoldingAccount(db, select), Blob{id.bytes});
  if (rows.empty() || std::get<7>(rows.front()) <= now) return std::nullopt;
  std::vector<Grant> grants;
  for (auto& row : rows)
    if (auto& name = std::get<5>(row)) grants.push_back({*std::move(name), *std::get<6>(row)});
  auto& [user_id, email, name, seen_at, ends_at, grant, until, expires_at] = rows.front();
  return Identity{user_id, std::move(email), std::move(name), std::move(grants),
                  id,      seen_at,          ends_at,         now};
}

void SessionRows::start(Transaction& tx, const SessionId& id, std::int64_t user_id, Time now,
                        Time ends, std::string_view browser) const {
  tx.run(
      "INSERT INTO sessions (id, user_id, created_at, expires_at, ends_at, browser) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      Blob{id.bytes}, user_id, now, std::min<Time>(ends, now + idle_life_), ends, browser);
  tx.run(
      "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = ? AND id <> ? "
      "ORDER BY coalesce(seen_at, created_at) DESC LIMIT 1000 OFFSET ?)",
      user_id, Blob{id.bytes}, most_sessions - 1);
}

void SessionRows::touch(Transaction& tx, const SessionId& id, Time seen) const {
  const Time idle_end = seen + idle_life_;
  // On the right of each '=' stands what the row held before.
  tx.run(
      "UPDATE sessions SET seen_at = ?, ends_at = coalesce(ends_at, expires_at), "
      "expires_at = CASE WHEN coalesce(ends_at, expires_at) < ? THEN coalesce(ends_at, expires_at) "
      "ELSE ? END WHERE id = ? AND coalesce(seen_at, created_at) < ? AND expires_at > ?",
      seen, idle_end, idle_end, Blob{id.bytes}, seen, seen);
}

void SessionRows::end(Transaction& tx, const SessionId& id) const {
  const auto row =
      tx.row<std::int64_t>("SELECT user_id FROM sessions WHERE id = ?", Blob{id.bytes});
  if (!row) return;
  touch_account(tx, std::get<0>(*row));
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
    touch_account(tx, user_id);
    tx.run("DELETE FROM sessions WHERE id = ?", Blob{id});
    return true;
  }
  return false;
}

void end_other_sessions(Transaction& tx, std::int64_t user_id, const SessionId& but) {
  touch_account(tx, user_id);
  tx.run("DELETE FROM sessions WHERE user_id = ? AND id <> ?", user_id, Blob{but.bytes});
}

}  // namespace actiond
