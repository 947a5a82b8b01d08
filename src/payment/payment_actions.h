// The actions by which a site takes money.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "payment/payment_settings.h"

namespace actiond {

constexpr std::string_view plans_page = "plans.html", billing_page = "billing.html";

using Payments = std::shared_ptr<const PaymentSettings>;

// POST /actions/stripe: the events of Stripe.
Action stripe(const Payments& payments);
// The plans, and the way to pay for one.
Action upgrade(const Payments& payments);
// Shows a visitor's subscriptions, in words, and the way to change them.
Action billing(const Payments& payments);

// Those two; "stripe" only where the settings name secrets.
std::vector<Action> payment_actions(const Payments& payments);

}  // namespace actiond
