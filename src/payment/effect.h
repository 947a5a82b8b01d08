// The effect of what Stripe told, by an event or when it was asked: here alone, and in the
// transaction that notes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"
#include "payment/payment_rows.h"
#include "payment/stripe_event.h"

namespace actiond {

// Of its events, and of what their effects leave in the audit.
constexpr std::string_view stripe_scheme = "stripe";

class Effect {
 public:
  // All but `now` must outlive this.
  Effect(const PaymentSettings& settings, const StripeEvent& event, Time now, Transaction& tx)
      : settings_(settings), event_(event), now_(now), tx_(tx) {}

  // Answers in words, for the row of the event and for whoever looks at Stripe's log.
  std::string apply();

  // It had no effect, and may have one when it is told again: once the settings are mended.
  bool is_left_open() const { return is_left_open_; }
  // The object of which Stripe has to be asked; empty: it said enough, or is never asked.
  const std::string& unclear() const { return unclear_; }

 private:
  std::string leave_open(std::string why);
  void note_unclear(const std::string& object);
  std::string take_thin();
  std::string take(const Subscription& told);
  std::string take(const Checkout& checkout);
  std::string take(const PaidInvoice& invoice);
  std::string pay(const Checkout& checkout, std::int64_t user);
  std::string take_back(const std::string& id) const;
  std::optional<std::int64_t> user_of(const Subscription& subscription) const;
  std::string open(const Subscription& one, std::int64_t user) const;
  std::string open(const Payment& changed) const;
  std::string open(const Payment& one, const std::vector<const Plan*>& plans,
                   std::optional<Time> until) const;
  std::string open(std::int64_t user, const std::string& source,
                   const std::vector<const Plan*>& plans, std::optional<Time> until) const;

  const PaymentSettings& settings_;
  const StripeEvent& event_;
  const Time now_;
  Transaction& tx_;
  bool is_left_open_ = false;
  std::string unclear_;
};

}  // namespace actiond
