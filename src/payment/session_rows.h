// The sessions of Stripe's checkout and portal: an action orders one for its visitor, in its own
// transaction, and the courier has it made.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/store.h"

namespace actiond {

// A visitor waits for no longer, and then the courier does not try any more.
constexpr std::chrono::minutes session_patience(1);
// A courier that has taken one has so long; then it is anybody's again.
constexpr std::chrono::seconds session_lease(15);
// Until then the address is good, and the same one is given again.  Stripe ends a checkout then as
// well; a portal that nobody opened it ends by itself.
constexpr std::chrono::hours checkout_life(1);
constexpr std::chrono::minutes portal_life(3);

struct NewSession {
  std::int64_t user_id;
  std::string plan;  // empty: the portal
  std::string asks;  // the form for Stripe
};
// The id of a new one, or of the account's open one for the same plan.  Nothing: it had too many
// within an hour.
std::optional<std::string> order_session(Transaction& tx, const NewSession& session, Time now);

struct StripeSession {
  std::string plan;
  Time made_at;
  std::string address;     // empty: there is none yet
  bool is_waiting = true;  // for one; else it will never come
};
// Nothing for one that has expired, and for another account's.
std::optional<StripeSession> find_session(Reader& db, std::string_view id, std::int64_t user_id,
                                          Time now);
// The account paid, or its checkouts are to be used no more.
void end_checkouts(Transaction& tx, std::int64_t user_id);
// A backup holds no way that is open.
void forget_sessions(Transaction& tx);

struct OrderedSession {
  std::string id;
  bool is_portal;
  std::string asks;
  std::int64_t lease;  // the number of the lease under which it was taken
};
// Whether `take_session` would take one.
bool has_due_session(Reader& db, Time now);
std::optional<OrderedSession> take_session(Transaction& tx, Time now);

// These are without effect when another courier has it.
void keep_address(Transaction& tx, const OrderedSession& session, std::string_view address);
// It is tried again after a while, up to four times.
void mark_failed(Transaction& tx, const OrderedSession& session, std::string_view reason, Time now);
// It is never tried again.  The row stays for a day, for the operator.
void mark_refused(Transaction& tx, const OrderedSession& session, std::string_view reason,
                  Time now);
// Stripe does not have the customer of its account any more: the next press is of a new one.
void disown_customer(Transaction& tx, const OrderedSession& session);
// It counts as not tried.
void postpone(Transaction& tx, const OrderedSession& session, Time due_at);

struct LostSessions {
  std::int64_t lost = 0;    // Stripe refused them, or nobody took them in time
  std::string reason = {};  // of the last refusal; empty: none was refused
};
LostSessions count_lost_sessions(Reader& db, Time now);

}  // namespace actiond
