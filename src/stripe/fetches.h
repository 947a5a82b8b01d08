// The courier fetches the objects from Stripe of which an event said too little.
//
// An object that is fetched takes effect as an event does, in one transaction with the row that
// ordered it: so a courier that is killed in between fetches it again, and the end is the same.
// Several couriers may work at once.
#pragma once

#include <string>
#include <utility>

#include "data/store.h"
#include "payment/fetch_rows.h"
#include "payment/payment_settings.h"
#include "stripe/stripe_api.h"

namespace actiond {

class Fetches {
 public:
  // All but `clock` must outlive this.
  Fetches(Store& store, StripeApi& api, const PaymentSettings& settings, WallClock clock)
      : store_(store), api_(api), settings_(settings), clock_(std::move(clock)) {}

  // Fetches one that is due; answers whether there may be more.  Throws Unavailable.
  bool round(StripeApi::Clock::time_point now);

 private:
  void note(const OrderedFetch& fetch, const StripeAnswer& answer);
  void take(const OrderedFetch& fetch, const StripeAnswer& answer);
  void fail(const OrderedFetch& fetch, const std::string& reason);

  Store& store_;
  StripeApi& api_;
  const PaymentSettings& settings_;
  const WallClock clock_;
};

}  // namespace actiond
