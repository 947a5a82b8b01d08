#include "store/attempts.h"

#include <algorithm>
#include <vector>

namespace actiond {
namespace {

std::vector<Time> times(const std::vector<std::tuple<Time>>& rows) {
  std::vector<Time> times;
  for (const auto& [time] : rows) times.push_back(time);
  return times;
}

}  // namespace

std::optional<std::chrono::seconds> AttemptRows::wait(Reader& db, const Attempt& attempt,
                                                      Time now) const {
  const Time since = now - attempt_window;
  std::optional<std::chrono::seconds> account, network;
  if (attempt.account)
    account = wait_after(
        times(db.rows<Time>("SELECT tried_at FROM attempts WHERE account = ? AND tried_at > ? "
                            "ORDER BY tried_at DESC LIMIT ?",
                            Blob{*attempt.account}, since, per_account.tries)),
        per_account, now);
  // A browser with a count of its own is not locked out by those who share its network.
  if (!attempt.account || !attempt.from_known_device)
    network = wait_after(
        times(db.rows<Time>("SELECT tried_at FROM attempts WHERE network = ? AND tried_at > ? "
                            "ORDER BY tried_at DESC LIMIT ?",
                            Blob{attempt.network}, since, per_network.tries)),
        per_network, now);
  return std::max(account, network);  // nothing is less than any wait
}

std::int64_t AttemptRows::count(Transaction& tx, const Attempt& attempt, Time now) const {
  tx.run("DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE tried_at <= ? LIMIT 8)",
         Time(now - attempt_window));
  const auto account = attempt.account ? std::optional(Blob{*attempt.account}) : std::nullopt;
  return tx.run("INSERT INTO attempts (account, network, tried_at) VALUES (?, ?, ?)", account,
                Blob{attempt.network}, now);
}

void AttemptRows::forgive(Transaction& tx, std::int64_t id, const Attempt& attempt) const {
  tx.run("DELETE FROM attempts WHERE id = ?", id);
  if (attempt.from_known_device && attempt.account)
    tx.run("DELETE FROM attempts WHERE account = ?", Blob{*attempt.account});
}

}  // namespace actiond
