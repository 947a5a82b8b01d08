// The courier has the sessions of checkout and portal made that visitors wait for.
//
// The id of a row is Stripe's Idempotency-Key: a courier that is killed before it notes the answer
// asks again, or another one does, and Stripe answers with the same session.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/store.h"
#include "payment/payment_settings.h"
#include "payment/session_rows.h"
#include "stripe/stripe_api.h"

namespace actiond {

// Where a session is opened, if `body` is one of this mode that leads to one of `hosts`.
std::optional<std::string> address_of_session(const std::string& body, bool is_live,
                                              const std::vector<std::string>& hosts);

class StripeSessions {
 public:
  // All but `clock` must outlive this.
  StripeSessions(Store& store, StripeApi& api, const PaymentSettings& settings, WallClock clock)
      : store_(store), api_(api), settings_(settings), clock_(std::move(clock)) {}

  // Has one made that is due; answers whether there may be more.  Throws Unavailable.
  bool round(StripeApi::Clock::time_point now);

 private:
  void note(const OrderedSession& session, const StripeAnswer& answer);
  void refuse(const OrderedSession& session, const std::string& reason, bool lacks_customer);

  Store& store_;
  StripeApi& api_;
  const PaymentSettings& settings_;
  const WallClock clock_;
};

}  // namespace actiond
