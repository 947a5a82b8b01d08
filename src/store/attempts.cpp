#include "store/attempts.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace actiond {
namespace {

constexpr std::string_view insert_attempt =
    "INSERT INTO attempts (account, owner, network, tried_at) VALUES (?, ?, ?, ?)";

// Until one more try may be made, of those that `column` counts for `name`.
std::optional<std::chrono::seconds> wait_of(Reader& db, const char* column,
                                            const std::optional<std::string>& name,
                                            const TryLimit& limit, Time now) {
  if (!name) return std::nullopt;
  const std::string sql = std::string("SELECT tried_at FROM attempts WHERE ") + column +
                          " = ? AND tried_at > ? ORDER BY tried_at DESC LIMIT ?";
  std::vector<Time> newest_first;
  for (const auto& [time] : db.rows<Time>(sql, Blob{*name}, Time(now - limit.window), limit.tries))
    newest_first.push_back(time);
  return wait_after(newest_first, limit, now);
}

std::pair<const TryLimit&, const TryLimit&> limits_of(Attempt::Kind kind) {
  switch (kind) {
    case Attempt::Kind::Secret: return {per_account, per_network};
    case Attempt::Kind::Mail: return {mails_per_account, mails_per_network};
    case Attempt::Kind::Code: return {codes_per_mail, per_network};
    case Attempt::Kind::Post: return {per_account, posts_per_network};
  }
  throw std::logic_error("no such kind of a try");
}

std::optional<Blob> to_blob(const std::optional<std::string>& name) {
  return name ? std::optional(Blob{*name}) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> AttemptRows::wait(Reader& db, const Attempt& attempt,
                                                      Time now) const {
  // Nothing is less than any wait.
  const auto& [of_account, of_network] = limits_of(attempt.kind);
  return std::max({wait_of(db, "account", attempt.account, of_account, now),
                   wait_of(db, "owner", attempt.owner, per_owner, now),
                   wait_of(db, "network", attempt.network, of_network, now),
                   wait_of(db, "network", attempt.successes, per_network_successes, now)});
}

std::int64_t AttemptRows::count(Transaction& tx, const Attempt& attempt, Time now) const {
  return tx.run(insert_attempt, to_blob(attempt.account), to_blob(attempt.owner),
                Blob{attempt.network}, now);
}

void AttemptRows::add(Transaction& tx, const Attempt& attempt, Time now) const {
  tx.add(insert_attempt, to_blob(attempt.account), to_blob(attempt.owner), Blob{attempt.network},
         now);
}

void AttemptRows::forgive(Transaction& tx, std::int64_t id, const Attempt& attempt) const {
  if (attempt.successes)
    tx.run("UPDATE attempts SET network = ? WHERE id = ?", Blob{*attempt.successes}, id);
  else
    tx.run("DELETE FROM attempts WHERE id = ?", id);
  if (attempt.from_known_device && attempt.account)
    tx.run("DELETE FROM attempts WHERE account = ?", Blob{*attempt.account});
}

std::int64_t AttemptRows::device_generation(Reader& db, std::string_view account) const {
  const auto row =
      db.row<std::int64_t>("SELECT device_generation FROM users WHERE email = ?", account);
  return row ? std::get<0>(*row) : 0;
}

}  // namespace actiond
