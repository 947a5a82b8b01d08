// Rows of what a payment service told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"
#include "payment/subscription.h"

namespace actiond {

// In front of what is paid, in the source of a grant: "stripe:sub_1".
constexpr std::string_view stripe_source = "stripe:";

// False when the event was there before.  Its row is removed after 45 days: nobody sends one again
// after that.
bool begin_event(Transaction& tx, std::string_view scheme, std::string_view id,
                 std::string_view type, Time now);
bool has_event(Reader& db, std::string_view scheme, std::string_view id);
void end_event(Transaction& tx, std::string_view scheme, std::string_view id,
               std::string_view outcome);
void forget_event(Transaction& tx, std::string_view scheme, std::string_view id);

// A subscription is one account's: the one that its checkout named, and not who has its customer.
void take_grants_of_others(Transaction& tx, std::string_view source, std::int64_t user_id);

bool has_account(Reader& db, std::int64_t user_id);

// `known_as` is the service's id of a customer, or of a subscription.  The first account that it is
// said to be of stays.
void keep_customer(Transaction& tx, std::string_view known_as, std::int64_t user_id);
// A session of ours made the customer, so that nobody else's address and cards are behind it.
void note_own_customer(Transaction& tx, std::string_view customer, std::int64_t user_id);
// Such a one; of several, that of the newest subscription.
std::optional<std::string> find_own_customer(Reader& db, std::int64_t user_id);
std::optional<std::int64_t> find_customer(Reader& db, std::string_view known_as);

std::optional<Subscription> find_subscription(Reader& db, std::string_view id);
void keep_subscription(Transaction& tx, const Subscription& subscription,
                       std::optional<std::int64_t> user_id);
std::vector<Subscription> subscriptions_of_customer(Reader& db, std::string_view customer);
// Of an account, the last that something was told of first.
std::vector<Subscription> subscriptions_of(Reader& db, std::int64_t user_id);

// The latest end stays.
void keep_paid_until(Transaction& tx, std::string_view subscription, Time until);
std::optional<Time> find_paid_until(Reader& db, std::string_view subscription);

// A payment for once.  Nothing known of it yet: neither plan nor account.
struct Payment {
  std::string id;
  std::optional<std::int64_t> user_id = {};
  std::optional<std::string> plan = {};
  std::optional<Time> paid_at = {};
  bool is_taken_back = false;
  // How long it opens the plan; 0: without end.  Nothing: as the plan says now.
  std::optional<std::chrono::days> days = {};
};
Payment find_payment(Reader& db, std::string_view id);
void keep_payment(Transaction& tx, const Payment& payment);
// Those that an account made, the last first.
std::vector<Payment> payments_of(Reader& db, std::int64_t user_id);

}  // namespace actiond
