#include "store/tokens.h"

#include <algorithm>
#include <utility>

#include "store/held_account.h"

namespace actiond {
namespace {

constexpr std::size_t shown_letters = 9;

std::string to_column(const std::vector<std::string>& actions) {
  std::string column;
  for (const std::string& action : actions) column.append(action).append(" ");
  return column;
}

std::vector<std::string> to_names(std::string_view column) {
  std::vector<std::string> names;
  for (std::size_t end; (end = column.find(' ')) != column.npos; column.remove_prefix(end + 1))
    names.emplace_back(column.substr(0, end));
  return names;
}

}  // namespace

std::optional<Identity> ApiTokenRows::find(Reader& db, const ApiTokenHash& hash, Time now) const {
  constexpr std::string_view select =
      "SELECT users.id, email, users.name, actions, ends_at, grants.name, until, "
      "coalesce(seen_at, 0) "
      "FROM tokens JOIN users ON users.id = tokens.user_id "
      "LEFT JOIN grants ON grants.user_id = users.id AND blocked_at IS NULL "
      "WHERE hash = ? AND disabled_at IS NULL";
  const auto rows =
      db.rows<std::int64_t, std::string, std::string, std::string, Time, std::optional<std::string>,
              std::optional<Time>, Time>(HoldingAccount(db, select), Blob{hash.bytes});
  if (rows.empty() || std::get<4>(rows.front()) <= now) return std::nullopt;
  const auto& [user_id, email, name, actions, ends_at, grant, until, seen_at] = rows.front();
  Identity identity{.user_id = user_id,
                    .email = email,
                    .name = name,
                    .grants = {},
                    .seen_at = seen_at,
                    .ends_at = ends_at,
                    .asked_at = now,
                    .token_actions = to_names(actions)};
  for (const auto& row : rows)
    if (const auto& held = std::get<5>(row)) identity.grants.push_back({*held, *std::get<6>(row)});
  return identity;
}

std::vector<OwnToken> own_tokens(Reader& db, std::int64_t user_id, Time now) {
  std::vector<OwnToken> own;
  for (const auto& [id, start, actions, made, ends, seen] :
       db.rows<std::int64_t, std::string, std::string, Time, Time, std::optional<Time>>(
           "SELECT id, start, actions, made_at, ends_at, seen_at FROM tokens "
           "WHERE user_id = ? AND ends_at > ? ORDER BY id",
           user_id, now))
    own.push_back({id, start, to_names(actions), made, ends, seen});
  return own;
}

std::optional<Time> token_end(Time asked, Time now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  auto date = std::chrono::year_month_day(today) + std::chrono::years(1);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  const auto last_day = std::chrono::sys_days(date);
  if (asked <= now || asked > last_day + std::chrono::days(1)) return std::nullopt;
  return std::min<Time>(asked, last_day + (now - today));
}

std::optional<std::string> make_token(Transaction& tx, std::int64_t user_id,
                                      const std::vector<std::string>& actions, Time now,
                                      Time ends) {
  if (own_tokens(tx, user_id, now).size() >= most_tokens) return std::nullopt;
  std::string token = new_api_token();
  tx.run(
      "INSERT INTO tokens (hash, start, user_id, actions, made_at, ends_at) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      Blob{hash_of_api_token(token)->bytes}, std::string_view(token).substr(0, shown_letters),
      user_id, to_column(actions), now, ends);
  return token;
}

void touch_token(Transaction& tx, const ApiTokenHash& token, Time seen) {
  tx.run("UPDATE tokens SET seen_at = ? WHERE hash = ? AND coalesce(seen_at, 0) < ?", seen,
         Blob{token.bytes}, seen);
}

bool end_token(Transaction& tx, std::int64_t user_id, std::int64_t id) {
  touch_account(tx, user_id);
  return tx.change("DELETE FROM tokens WHERE id = ? AND user_id = ?", id, user_id) > 0;
}

void end_tokens(Transaction& tx, std::int64_t user_id) {
  touch_account(tx, user_id);
  tx.run("DELETE FROM tokens WHERE user_id = ?", user_id);
}

std::int64_t end_all_tokens(Transaction& tx) { return tx.change("DELETE FROM tokens"); }

}  // namespace actiond
