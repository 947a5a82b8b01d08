// An event of Stripe, https://docs.stripe.com/api/events/object, and what it answers when it is
// asked for an object: which is read as an event that tells of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "payment/subscription.h"

namespace actiond {

// The name in a session's metadata, which its visitor cannot change, of the plan that it sells.
constexpr const char* session_plan = "actiond_plan";

// https://docs.stripe.com/api/checkout/sessions/object
struct Checkout {
  std::string reference;     // as our link carried it, or as its visitor changed it
  std::string customer;      // empty: a guest
  std::string subscription;  // empty: a payment for once
  std::string payment;       // what a refund names; without one, the session itself
  std::string payment_link;
  std::string plan = {};  // of a session that this site ordered
  bool is_paid;
};

// https://docs.stripe.com/api/invoices/object
struct PaidInvoice {
  std::string subscription;
  Time until;  // the latest end of the periods in its lines
};

struct StripeEvent {
  std::string id, type;
  Time made_at;
  bool is_live;
  bool is_thin;            // it says no state, which has to be fetched
  std::string about = {};  // the id of its object, where it was asked for or has to be
  // At most one of these.
  std::optional<Subscription> subscription = {};
  std::optional<Checkout> checkout = {};
  std::optional<PaidInvoice> paid_invoice = {};
  std::optional<std::string> taken_back = {};  // a payment that was refunded whole, or is disputed
};

// `settings` tell which of a subscription's prices counts.  Nothing for JSON that is no such event.
std::optional<StripeEvent> read_stripe_event(std::string_view body,
                                             const PaymentSettings& settings);

// The id of an event that begins with it, as Stripe writes them: found without reading the whole.
std::optional<std::string_view> id_in_front(std::string_view body);

// That Stripe was asked: what it says was so at `at`, or later.
struct Inquiry {
  std::string by;  // what is known of it is known by this
  Time at;
};

// Nothing for what is no object that has an effect, for a key that stands twice, and for JSON that
// is deeper than Stripe's.
std::optional<StripeEvent> read_stripe_object(std::string_view body, const Inquiry& asked,
                                              const PaymentSettings& settings);

struct StripeList {
  std::vector<StripeEvent> told;
  std::string last;  // the id behind which the list goes on; empty: it ends here
};
std::optional<StripeList> read_stripe_list(std::string_view body, const Inquiry& asked,
                                           const PaymentSettings& settings);

}  // namespace actiond
