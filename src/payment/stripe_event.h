// An event of Stripe, of a snapshot destination: https://docs.stripe.com/api/events/object
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "payment/subscription.h"

namespace actiond {

// https://docs.stripe.com/api/checkout/sessions/object
struct Checkout {
  std::string reference;     // as our link carried it, or as its visitor changed it
  std::string customer;      // empty: a guest
  std::string subscription;  // empty: a payment for once
  std::string payment;       // what a refund names; without one, the session itself
  std::string payment_link;
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
  bool is_thin;  // it says no state, which would have to be fetched
  // At most one of these.
  std::optional<Subscription> subscription = {};
  std::optional<Checkout> checkout = {};
  std::optional<PaidInvoice> paid_invoice = {};
  std::optional<std::string> taken_back = {};  // a payment that was refunded whole, or is disputed
};

// `settings` tell which of a subscription's prices counts.  Nothing for JSON that is no such event.
std::optional<StripeEvent> read_stripe_event(std::string_view body,
                                             const PaymentSettings& settings);

}  // namespace actiond
