// A subscription, as the events of Stripe tell of it: twice, late and in any order.  What an event
// may change is decided by the state that it meets, so that the end is the same in every order, and
// nothing has to be fetched.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "payment/payment_settings.h"

namespace actiond {

struct Subscription {
  // https://docs.stripe.com/api/subscriptions/object#subscription_object-status
  std::string status;
  std::string id = {}, customer = {};
  // Those that plans have, with a space between two; else of its first item.
  std::string prices = {};
  std::optional<Time> period_start = {}, period_end = {};
  std::optional<Time> cancel_at = {};  // it ends then, and is not renewed
  std::optional<Time> trial_end = {}, ended_at = {};
  Time told_at = {};         // when the event was made
  std::string told_by = {};  // its id
  // Within a second that is the order.
  enum class As { Created, Updated, Deleted } told_as = As::Updated;
  // By name what the event said, and what it said was there before: each value as its JSON.
  std::map<std::string, std::string> said = {}, before = {};
  // The other events of that second; and whether one of them may be the last as well.
  std::vector<Subscription> others = {};
  bool is_unsure = false;
};

// A word that Stripe does not have today changes nothing.
bool is_known_status(std::string_view status);

// It opens a plan for its period, and does not say which that is.
bool lacks_period(const Subscription& subscription);

// All that counts of them is the same.
bool says_same(const Subscription& one, const Subscription& other);

// Whether what is `told` comes after what is `known`; nothing: within one second, nobody knows.
std::optional<bool> comes_after(const Subscription& known, const Subscription& told);

// The subscription that is known when `told` meets `known`.
Subscription merged(const Subscription& known, const Subscription& told);

// Until when its plan is open; nothing: it opens nothing.  `paid_until` is the latest end of a
// period that an invoice told to be paid.
std::optional<Time> open_until(const Subscription& subscription, std::optional<Time> paid_until,
                               const PaymentSettings& settings);

// It stays active and bills nothing, until its seller goes on:
// https://docs.stripe.com/billing/subscriptions/pause-payment
bool is_collection_paused(const Subscription& subscription);

}  // namespace actiond
