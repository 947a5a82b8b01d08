#include "store/grants.h"

#include <algorithm>

#include "store/held_account.h"

namespace actiond {

bool is_grant_name(std::string_view name) {
  const auto may_begin = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && may_begin(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return may_begin(c) || c == ':' || c == '-'; });
}

void give_grant(Transaction& tx, std::int64_t user_id, std::string_view name,
                std::string_view source, Time until) {
  touch_account(tx, user_id);
  tx.run(
      "INSERT INTO grants (user_id, name, source, until) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (user_id, name, source) "
      "DO UPDATE SET until = excluded.until, given_at = excluded.given_at",
      user_id, name, source, until);
}

bool take_grant(Transaction& tx, std::int64_t user_id, std::string_view name,
                std::string_view source) {
  touch_account(tx, user_id);
  return tx.change("DELETE FROM grants WHERE user_id = ? AND name = ? AND source = ?", user_id,
                   name, source) > 0;
}

std::vector<SourcedGrant> list_grants(Reader& db, std::int64_t user_id) {
  std::vector<SourcedGrant> grants;
  for (auto& [name, source, until, given_at] : db.rows<std::string, std::string, Time, Time>(
           "SELECT name, source, until, given_at FROM grants WHERE user_id = ? "
           "ORDER BY name, source",
           user_id))
    grants.push_back({std::move(name), std::move(source), until, given_at});
  return grants;
}

bool block_grants(Transaction& tx, std::int64_t user_id, Time now) {
  return tx.change("UPDATE users SET blocked_at = ? WHERE id = ? AND blocked_at IS NULL", now,
                   user_id) > 0;
}

bool unblock_grants(Transaction& tx, std::int64_t user_id) {
  return tx.change("UPDATE users SET blocked_at = NULL WHERE id = ? AND blocked_at IS NOT NULL",
                   user_id) > 0;
}

std::optional<Time> grants_blocked_at(Reader& db, std::int64_t user_id) {
  const auto row =
      db.row<std::optional<Time>>("SELECT blocked_at FROM users WHERE id = ?", user_id);
  return row ? std::get<0>(*row) : std::nullopt;
}

}  // namespace actiond
