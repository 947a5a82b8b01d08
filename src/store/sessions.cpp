#include "store/sessions.h"

namespace actiond {

std::optional<Identity> SessionRows::find(Reader& db, const SessionId& id, Time now) const {
  auto row = db.row<std::int64_t, std::string, std::string, std::optional<Time>>(
      "SELECT users.id, email, name, access_until FROM sessions JOIN users ON users.id = user_id "
      "WHERE sessions.id = ? AND expires_at > ? AND disabled_at IS NULL",
      Blob{id.bytes}, now);
  if (!row) return std::nullopt;
  auto& [user_id, email, name, access_until] = *row;
  return Identity{user_id, std::move(email), std::move(name), access_until};
}

void SessionRows::start(Transaction& tx, const SessionId& id, std::int64_t user_id, Time now,
                        Time expires) const {
  tx.run("DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? LIMIT 8)",
         now);
  tx.run("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
         Blob{id.bytes}, user_id, now, expires);
}

void SessionRows::end(Transaction& tx, const SessionId& id) const {
  tx.run("DELETE FROM sessions WHERE id = ?", Blob{id.bytes});
}

}  // namespace actiond
