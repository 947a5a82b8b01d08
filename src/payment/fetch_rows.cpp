#include "payment/fetch_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "payment/stripe_id.h"
#include "store/outbox.h"

namespace actiond {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> paths{
    {{"sub_", "/v1/subscriptions/"},
     {"cs_", "/v1/checkout/sessions/"},
     {"in_", "/v1/invoices/"},
     {"ch_", "/v1/charges/"},
     {"dp_", "/v1/disputes/"},
     {"du_", "/v1/disputes/"}}};

constexpr std::size_t longest_id = 255;
constexpr std::chrono::days fetch_fails_for(3);

// No object waits for longer, unless the clock was set back.
Time latest_due(Time now) { return now + std::chrono::days(1); }

}  // namespace

std::optional<std::string> path_of_object(std::string_view id) {
  if (id.size() > longest_id || !std::ranges::all_of(id, is_of_stripe_id)) return std::nullopt;
  for (const auto& [start, path] : paths)
    if (id.starts_with(start)) return fmt::format("{}{}", path, id);
  return std::nullopt;
}

void order_fetch(Transaction& tx, std::string_view object, std::string_view by, Time now) {
  // Of one that is under way the answer may be older than this event: its lease ends.
  tx.run(
      "INSERT INTO stripe_fetches (object, asked_by, asked_at, due_at) VALUES (?, ?, ?, ?) "
      "ON CONFLICT (object) DO UPDATE SET asked_by = excluded.asked_by, due_at = excluded.due_at, "
      "leases = stripe_fetches.leases + 1",
      object, by, now, Time(now + fetch_waits));
}

bool has_due_fetch(Reader& db, Time now) {
  return db
      .row<int>("SELECT 1 FROM stripe_fetches WHERE due_at <= ? OR due_at > ? LIMIT 1", now,
                latest_due(now))
      .has_value();
}

std::optional<OrderedFetch> take_fetch(Transaction& tx, Time now) {
  const auto row = tx.row<std::string, std::int64_t>(
      "SELECT object, leases + 1 FROM stripe_fetches WHERE due_at <= ? OR due_at > ? "
      "ORDER BY due_at, object LIMIT 1",
      now, latest_due(now));
  if (!row) return std::nullopt;
  const auto& [object, lease] = *row;
  tx.run("UPDATE stripe_fetches SET leases = ?, due_at = ? WHERE object = ?", lease,
         Time(now + fetch_lease), object);
  return OrderedFetch{object, lease};
}

bool is_held(Reader& db, const OrderedFetch& fetch) {
  return db
      .row<int>("SELECT 1 FROM stripe_fetches WHERE object = ? AND leases = ?", fetch.object,
                fetch.lease)
      .has_value();
}

void mark_fetched(Transaction& tx, const OrderedFetch& fetch) {
  tx.run("DELETE FROM stripe_fetches WHERE object = ? AND leases = ?", fetch.object, fetch.lease);
}

void mark_failed(Transaction& tx, const OrderedFetch& fetch, std::string_view reason, Time now) {
  const auto row = tx.row<std::int64_t, std::optional<Time>>(
      "SELECT failures + 1, failing_since FROM stripe_fetches WHERE object = ? AND leases = ?",
      fetch.object, fetch.lease);
  if (!row) return;
  const auto& [failures, failing_since] = *row;
  const Time since = failing_since.value_or(now);
  if (now - since >= fetch_fails_for) return mark_fetched(tx, fetch);
  tx.run(
      "UPDATE stripe_fetches SET failures = ?, failing_since = ?, due_at = ?, reason = ? "
      "WHERE object = ? AND leases = ?",
      failures, since, Time(now + wait_after_failures(failures)), reason, fetch.object,
      fetch.lease);
}

void postpone(Transaction& tx, const OrderedFetch& fetch, Time due_at) {
  tx.run("UPDATE stripe_fetches SET due_at = ? WHERE object = ? AND leases = ?", due_at,
         fetch.object, fetch.lease);
}

FetchCount count_fetches(Reader& db) {
  const auto [waiting, oldest] = *db.row<std::int64_t, std::optional<Time>>(
      "SELECT count(*), min(asked_at) FROM stripe_fetches");
  return {waiting, oldest};
}

}  // namespace actiond
