#include "payment/night_rows.h"

namespace actiond {
namespace {

constexpr std::chrono::days night_kept_for(45);
constexpr std::chrono::hours begins_at(3);

}  // namespace

Time night_before(Time now) {
  return std::chrono::floor<std::chrono::days>(now - begins_at) + begins_at;
}

bool has_due_night(Reader& db, Time now) {
  return !db.row<int>(
                "SELECT 1 FROM stripe_nights WHERE night >= ? AND (report IS NOT NULL OR "
                "due_at > ?)",
                night_before(now), now)
              .has_value();
}

std::optional<HeldNight> take_night(Transaction& tx, Time now) {
  if (!has_due_night(tx, now)) return std::nullopt;
  const Time night = night_before(now);
  tx.run("DELETE FROM stripe_nights WHERE night <= ?", Time(now - night_kept_for));
  tx.run(
      "INSERT INTO stripe_nights (night, due_at) VALUES (?, ?) ON CONFLICT (night) DO UPDATE SET "
      "due_at = excluded.due_at, leases = stripe_nights.leases + 1",
      night, Time(now + night_lease));
  const auto row = tx.row<std::int64_t>("SELECT leases FROM stripe_nights WHERE night = ?", night);
  return HeldNight{night, std::get<0>(*row)};
}

bool hold_on(Transaction& tx, const HeldNight& held, Time now) {
  return tx.change("UPDATE stripe_nights SET due_at = ? WHERE night = ? AND leases = ?",
                   Time(now + night_lease), held.night, held.lease) > 0;
}

void end_night(Transaction& tx, const HeldNight& held, std::string_view report) {
  tx.run("UPDATE stripe_nights SET report = ? WHERE night = ? AND leases = ?", report, held.night,
         held.lease);
}

void forget_nights(Transaction& tx) { tx.run("DELETE FROM stripe_nights"); }

std::optional<Night> find_last_night(Reader& db) {
  const auto row = db.row<Time, std::string>(
      "SELECT night, report FROM stripe_nights WHERE report IS NOT NULL ORDER BY night DESC "
      "LIMIT 1");
  if (!row) return std::nullopt;
  return Night{std::get<0>(*row), std::get<1>(*row)};
}

std::vector<std::string> living_subscriptions(Reader& db) {
  std::vector<std::string> ids;
  for (auto& [id] : db.rows<std::string>("SELECT id FROM subscriptions WHERE status NOT IN "
                                         "('canceled', 'incomplete_expired') ORDER BY id"))
    ids.push_back(std::move(id));
  return ids;
}

}  // namespace actiond
