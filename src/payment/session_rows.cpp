#include "payment/session_rows.h"

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr int most_of_account = 20;
constexpr std::int64_t most_failures = 4;
// A visitor who comes back from Stripe and goes there again shall not meet its end.
constexpr std::chrono::minutes least_life(10);
constexpr std::chrono::days refused_kept_for(1);

// The moments between which one was made that is not given up; the clock may have been set back.
Time earliest(Time now) { return now - session_patience; }
Time latest(Time now) { return now + session_patience; }

std::chrono::seconds life_of(std::string_view plan) {
  return plan.empty() ? std::chrono::seconds(portal_life) : std::chrono::seconds(checkout_life);
}

std::optional<std::string> find_open(Reader& db, const NewSession& session, Time now) {
  const Time until = session.plan.empty() ? now + session_patience : now + least_life;
  const auto row = db.row<std::string>(
      "SELECT id FROM stripe_sessions WHERE user_id = ? AND plan = ? AND "
      "((address IS NOT NULL AND expires_at > ?) OR "
      "(due_at IS NOT NULL AND made_at > ? AND made_at < ?)) ORDER BY made_at DESC, id LIMIT 1",
      session.user_id, session.plan, until, earliest(now), latest(now));
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

// Stripe's ids are letters, digits and '_', which a form holds as they are.
std::string customer_in(const std::string& form) {
  constexpr std::string_view name = "&customer=";
  const std::string pairs = "&" + form;
  const std::size_t at = pairs.find(name);
  if (at == pairs.npos) return "";
  const std::string rest = pairs.substr(at + name.size());
  return rest.substr(0, rest.find('&'));
}

}  // namespace

std::optional<std::string> order_session(Transaction& tx, const NewSession& session, Time now) {
  if (auto open = find_open(tx, session, now)) return open;
  const auto made =
      tx.row<std::int64_t>("SELECT count(*) FROM stripe_sessions WHERE user_id = ? AND made_at > ?",
                           session.user_id, Time(now - checkout_life));
  if (std::get<0>(*made) >= most_of_account) return std::nullopt;
  std::string id = to_base64url(random_bytes(id_bytes));
  tx.run(
      "INSERT INTO stripe_sessions (id, user_id, plan, asks, made_at, due_at, expires_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?)",
      id, session.user_id, session.plan, session.asks, now, now, Time(now + life_of(session.plan)));
  return id;
}

std::optional<StripeSession> find_session(Reader& db, std::string_view id, std::int64_t user_id,
                                          Time now) {
  const auto row = db.row<std::string, Time, std::optional<Time>, std::optional<std::string>>(
      "SELECT plan, made_at, due_at, address FROM stripe_sessions "
      "WHERE id = ? AND user_id = ? AND expires_at > ?",
      id, user_id, now);
  if (!row) return std::nullopt;
  const auto& [plan, made_at, due_at, address] = *row;
  const bool is_waiting = due_at && made_at > earliest(now) && made_at < latest(now);
  return StripeSession{plan, made_at, address.value_or(""), is_waiting};
}

void end_checkouts(Transaction& tx, std::int64_t user_id) {
  tx.run("DELETE FROM stripe_sessions WHERE user_id = ? AND plan <> ''", user_id);
}

void forget_sessions(Transaction& tx) { tx.run("DELETE FROM stripe_sessions"); }

bool has_due_session(Reader& db, Time now) {
  return db
      .row<int>(
          "SELECT 1 FROM stripe_sessions WHERE due_at <= ? AND made_at > ? AND made_at < ? LIMIT 1",
          now, earliest(now), latest(now))
      .has_value();
}

std::optional<OrderedSession> take_session(Transaction& tx, Time now) {
  const auto row = tx.row<std::string, std::string, std::string, std::int64_t>(
      "SELECT id, plan, asks, leases + 1 FROM stripe_sessions "
      "WHERE due_at <= ? AND made_at > ? AND made_at < ? ORDER BY due_at, id LIMIT 1",
      now, earliest(now), latest(now));
  if (!row) return std::nullopt;
  const auto& [id, plan, asks, lease] = *row;
  tx.run("UPDATE stripe_sessions SET leases = ?, due_at = ? WHERE id = ?", lease,
         Time(now + session_lease), id);
  return OrderedSession{id, plan.empty(), asks, lease};
}

void keep_address(Transaction& tx, const OrderedSession& session, std::string_view address) {
  tx.run(
      "UPDATE stripe_sessions SET address = ?, asks = '', due_at = NULL, reason = NULL "
      "WHERE id = ? AND leases = ?",
      address, session.id, session.lease);
}

void mark_failed(Transaction& tx, const OrderedSession& session, std::string_view reason,
                 Time now) {
  const auto row =
      tx.row<std::int64_t>("SELECT failures + 1 FROM stripe_sessions WHERE id = ? AND leases = ?",
                           session.id, session.lease);
  if (!row) return;
  const std::int64_t failures = std::get<0>(*row);
  if (failures >= most_failures) return mark_refused(tx, session, reason, now);
  tx.run("UPDATE stripe_sessions SET failures = ?, due_at = ?, reason = ? WHERE id = ?", failures,
         Time(now + std::chrono::seconds(1 << failures)), reason, session.id);
}

void mark_refused(Transaction& tx, const OrderedSession& session, std::string_view reason,
                  Time now) {
  tx.run(
      "UPDATE stripe_sessions SET asks = '', due_at = NULL, reason = ?, expires_at = ? "
      "WHERE id = ? AND leases = ?",
      reason, Time(now + refused_kept_for), session.id, session.lease);
}

void disown_customer(Transaction& tx, const OrderedSession& session) {
  tx.run(
      "UPDATE customers SET is_own = 0 WHERE id = ? AND user_id = "
      "(SELECT user_id FROM stripe_sessions WHERE id = ? AND leases = ?)",
      customer_in(session.asks), session.id, session.lease);
}

void postpone(Transaction& tx, const OrderedSession& session, Time due_at) {
  tx.run("UPDATE stripe_sessions SET due_at = ? WHERE id = ? AND leases = ?", due_at, session.id,
         session.lease);
}

LostSessions count_lost_sessions(Reader& db, Time now) {
  const auto [lost] = *db.row<std::int64_t>(
      "SELECT count(*) FROM stripe_sessions WHERE address IS NULL AND "
      "(due_at IS NULL OR made_at <= ?)",
      earliest(now));
  const auto last = db.row<std::string>(
      "SELECT reason FROM stripe_sessions WHERE address IS NULL AND due_at IS NULL AND "
      "reason IS NOT NULL ORDER BY made_at DESC, id LIMIT 1");
  return {lost, last ? std::get<0>(*last) : ""};
}

}  // namespace actiond
