#include "payment/payment_rows.h"

#include <nlohmann/json.hpp>

#include "store/held_account.h"

namespace actiond {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::days event_kept_for(45);

constexpr std::string_view select_subscriptions =
    "SELECT id, customer, status, price, period_start, period_end, cancel_at, trial_end, ended_at, "
    "told_at, told_by, told_as, told, is_unsure FROM subscriptions WHERE ";

std::optional<std::chrono::days> to_days(std::optional<int> days) {
  return days ? std::optional(std::chrono::days(*days)) : std::nullopt;
}

Json to_json(std::optional<Time> time) {
  return time ? Json(time->time_since_epoch().count()) : Json();
}

std::optional<Time> time_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(Time(std::chrono::seconds(json)));
}

// The words of its event, and the other events of that second: they are of the same subscription.
Json told_of(const Subscription& one) {
  Json told{{"said", one.said}, {"before", one.before}};
  for (const Subscription& other : one.others) {
    Json& added = told["others"].emplace_back(told_of(other));
    added["status"] = other.status;
    added["prices"] = other.prices;
    added["by"] = other.told_by;
    added["times"] = {to_json(other.period_start), to_json(other.period_end),
                      to_json(other.cancel_at), to_json(other.trial_end), to_json(other.ended_at)};
  }
  return told;
}

void read_told(Subscription& one, const Json& told) {
  one.said = told["said"].get<std::map<std::string, std::string>>();
  one.before = told["before"].get<std::map<std::string, std::string>>();
  std::vector<Subscription> others;
  for (const Json& added : told.value("others", Json::array())) {
    Subscription other = one;
    read_told(other, added);
    other.status = added["status"];
    other.prices = added["prices"];
    other.told_by = added["by"];
    const Json& times = added["times"];
    other.period_start = time_of(times[0]);
    other.period_end = time_of(times[1]);
    other.cancel_at = time_of(times[2]);
    other.trial_end = time_of(times[3]);
    other.ended_at = time_of(times[4]);
    others.push_back(std::move(other));
  }
  one.others = std::move(others);
}

std::vector<Subscription> select_where(Reader& db, std::string_view condition,
                                       const auto&... values) {
  using OptionalTime = std::optional<Time>;
  std::vector<Subscription> found;
  for (const auto& [id, customer, status, price, start, end, cancel, trial, ended, told_at, told_by,
                    told_as, told, unsure] :
       db.rows<std::string, std::string, std::string, std::string, OptionalTime, OptionalTime,
               OptionalTime, OptionalTime, OptionalTime, Time, std::string, int, std::string, int>(
           std::string(select_subscriptions).append(condition), values...)) {
    Subscription& one = found.emplace_back(Subscription{.status = status, .id = id});
    one.customer = customer;
    one.prices = price;
    one.period_start = start;
    one.period_end = end;
    one.cancel_at = cancel;
    one.trial_end = trial;
    one.ended_at = ended;
    one.told_at = told_at;
    one.told_by = told_by;
    one.told_as = static_cast<Subscription::As>(told_as);
    read_told(one, Json::parse(told));
    one.is_unsure = unsure != 0;
  }
  return found;
}

}  // namespace

bool begin_event(Transaction& tx, std::string_view scheme, std::string_view id,
                 std::string_view type, Time now) {
  const bool is_new =
      tx.change(
          "INSERT INTO webhook_events (scheme, id, type, outcome, at) VALUES (?, ?, ?, '', ?) "
          "ON CONFLICT DO NOTHING",
          scheme, id, type, now) > 0;
  if (is_new)
    tx.run(
        "DELETE FROM webhook_events WHERE (scheme, id) IN "
        "(SELECT scheme, id FROM webhook_events WHERE at <= ? ORDER BY at LIMIT 8)",
        Time(now - event_kept_for));
  return is_new;
}

bool has_event(Reader& db, std::string_view scheme, std::string_view id) {
  return db.row<int>("SELECT 1 FROM webhook_events WHERE scheme = ? AND id = ?", scheme, id)
      .has_value();
}

void end_event(Transaction& tx, std::string_view scheme, std::string_view id,
               std::string_view outcome) {
  tx.run("UPDATE webhook_events SET outcome = ? WHERE scheme = ? AND id = ?", outcome, scheme, id);
}

void forget_event(Transaction& tx, std::string_view scheme, std::string_view id) {
  tx.run("DELETE FROM webhook_events WHERE scheme = ? AND id = ?", scheme, id);
}

void take_grants_of_others(Transaction& tx, std::string_view source, std::int64_t user_id) {
  for (const auto& [other] : tx.rows<std::int64_t>(
           "SELECT DISTINCT user_id FROM grants WHERE source = ? AND user_id <> ?", source,
           user_id))
    touch_account(tx, other);
  tx.run("DELETE FROM grants WHERE source = ? AND user_id <> ?", source, user_id);
}

bool has_account(Reader& db, std::int64_t user_id) {
  return db.row<std::int64_t>("SELECT id FROM users WHERE id = ?", user_id).has_value();
}

void keep_customer(Transaction& tx, std::string_view known_as, std::int64_t user_id) {
  tx.run("INSERT INTO customers (id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING", known_as,
         user_id);
}

void note_own_customer(Transaction& tx, std::string_view customer, std::int64_t user_id) {
  tx.run("UPDATE customers SET is_own = 1 WHERE id = ? AND user_id = ?", customer, user_id);
}

std::optional<std::string> find_own_customer(Reader& db, std::int64_t user_id) {
  const auto row = db.row<std::string>(
      "SELECT customers.id FROM customers LEFT JOIN subscriptions "
      "ON subscriptions.customer = customers.id WHERE customers.user_id = ? AND is_own = 1 "
      "ORDER BY coalesce(told_at, 0) DESC, customers.id LIMIT 1",
      user_id);
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

std::optional<std::int64_t> find_customer(Reader& db, std::string_view known_as) {
  const auto row = db.row<std::int64_t>("SELECT user_id FROM customers WHERE id = ?", known_as);
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

std::optional<Subscription> find_subscription(Reader& db, std::string_view id) {
  auto found = select_where(db, "id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

void keep_subscription(Transaction& tx, const Subscription& one,
                       std::optional<std::int64_t> user_id) {
  const std::string told = told_of(one).dump();
  tx.run(
      "INSERT INTO subscriptions (id, customer, user_id, status, price, period_start, period_end, "
      "cancel_at, trial_end, ended_at, told_at, told_by, told_as, told, is_unsure) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, user_id = excluded.user_id, "
      "status = excluded.status, price = excluded.price, period_start = excluded.period_start, "
      "period_end = excluded.period_end, cancel_at = excluded.cancel_at, "
      "trial_end = excluded.trial_end, ended_at = excluded.ended_at, told_at = excluded.told_at, "
      "told_by = excluded.told_by, told_as = excluded.told_as, told = excluded.told, "
      "is_unsure = excluded.is_unsure",
      one.id, one.customer, user_id, one.status, one.prices, one.period_start, one.period_end,
      one.cancel_at, one.trial_end, one.ended_at, one.told_at, one.told_by,
      static_cast<int>(one.told_as), told, one.is_unsure ? 1 : 0);
}

std::vector<Subscription> subscriptions_of_customer(Reader& db, std::string_view customer) {
  return select_where(db, "customer = ?", customer);
}

std::vector<Subscription> subscriptions_of(Reader& db, std::int64_t user_id) {
  return select_where(db, "user_id = ? ORDER BY told_at DESC, id", user_id);
}

void keep_paid_until(Transaction& tx, std::string_view subscription, Time until) {
  tx.run(
      "INSERT INTO paid_periods (subscription, until) VALUES (?, ?) ON CONFLICT (subscription) "
      "DO UPDATE SET until = excluded.until WHERE paid_periods.until < excluded.until",
      subscription, until);
}

std::optional<Time> find_paid_until(Reader& db, std::string_view subscription) {
  const auto row =
      db.row<Time>("SELECT until FROM paid_periods WHERE subscription = ?", subscription);
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Payment find_payment(Reader& db, std::string_view id) {
  const auto row = db.row<std::optional<std::int64_t>, std::optional<std::string>,
                          std::optional<Time>, int, std::optional<int>>(
      "SELECT user_id, plan, paid_at, taken_back, days FROM payments WHERE id = ?", id);
  if (!row) return {.id = std::string(id)};
  const auto& [user_id, plan, paid_at, taken_back, days] = *row;
  return {std::string(id), user_id, plan, paid_at, taken_back != 0, to_days(days)};
}

std::vector<Payment> payments_of(Reader& db, std::int64_t user_id) {
  std::vector<Payment> payments;
  for (const auto& [id, plan, paid_at, taken_back, days] :
       db.rows<std::string, std::optional<std::string>, std::optional<Time>, int,
               std::optional<int>>(
           "SELECT id, plan, paid_at, taken_back, days FROM payments WHERE user_id = ? "
           "ORDER BY paid_at DESC, id",
           user_id))
    payments.push_back({id, user_id, plan, paid_at, taken_back != 0, to_days(days)});
  return payments;
}

void keep_payment(Transaction& tx, const Payment& payment) {
  tx.run(
      "INSERT INTO payments (id, user_id, plan, paid_at, taken_back, days) "
      "VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, plan = excluded.plan, "
      "paid_at = excluded.paid_at, taken_back = excluded.taken_back, days = excluded.days",
      payment.id, payment.user_id, payment.plan, payment.paid_at, payment.is_taken_back ? 1 : 0,
      payment.days ? std::optional(payment.days->count()) : std::nullopt);
}

}  // namespace actiond
