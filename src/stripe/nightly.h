// Each night the courier compares all subscriptions with what Stripe says of them: what an event
// would have told that never came is mended, and the owner is told.
//
// A courier that is killed meanwhile begins anew, or another one does.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/store.h"
#include "mail/address.h"
#include "payment/effect.h"
#include "payment/night_rows.h"
#include "stripe/stripe_api.h"

namespace actiond {

class Nightly {
 public:
  // All but `clock` and `owners` must outlive this.
  Nightly(Store& store, StripeApi& api, const PaymentSettings& settings,
          std::vector<Address> owners, WallClock clock)
      : store_(store), api_(api), settings_(settings), owners_(std::move(owners)),
        clock_(std::move(clock)) {}

  // One question to Stripe, when a night is due; answers whether there may be more.  Throws
  // Unavailable.
  bool round(StripeApi::Clock::time_point now);

 private:
  struct Found {
    int looked_at = 0;
    std::vector<std::string> mended = {}, left = {};  // a line each
  };
  // A comparison under way.
  struct Run {
    HeldNight held;
    std::string after = {};                             // where the list goes on
    std::set<std::string, std::less<>> seen = {};       // of the list
    std::optional<std::vector<std::string>> rest = {};  // of ours, which the list does not have
    Found found = {};
    int failures = 0;
  };

  bool begin(StripeApi::Clock::time_point now);
  std::string next_path() const;
  // Nothing, or why the answer is none.
  std::string take(const StripeAnswer& answer);
  std::string take_page(const StripeAnswer& answer);
  std::string take_one(const StripeAnswer& answer);
  // In one transaction with the hold on the night; false when another courier has it, and the run
  // has ended.
  bool write(const std::function<void(Transaction&)>& work);
  bool compare(const std::vector<StripeEvent>& told, const std::function<void(Transaction&)>& also);
  void compare(Transaction& tx, const StripeEvent& told, Found& found) const;
  void end(const std::string& failure);

  Store& store_;
  StripeApi& api_;
  const PaymentSettings& settings_;
  const std::vector<Address> owners_;
  const WallClock clock_;
  std::optional<Run> run_;
  StripeApi::Clock::time_point next_{};
};

}  // namespace actiond
