// The actions by which a site takes money.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "action/action.h"
#include "payment/payment_settings.h"

namespace actiond {

constexpr std::string_view plans_page = "plans.html", billing_page = "billing.html",
                           session_page = "to-stripe.html";

using Payments = std::shared_ptr<const PaymentSettings>;

// POST /actions/stripe: the events of Stripe.
Action stripe(const Payments& payments);
// The plans, and the way to pay for one.
Action upgrade(const Payments& payments);
// Shows a visitor's subscriptions, in words, and the way to change them.
Action billing(const Payments& payments);
// That way, where the courier makes it: Stripe's portal.
Action portal(const Payments& payments);
// The page of a visitor whose way is being made; it leads on there.
Action to_stripe(const Payments& payments);

// Those; "stripe" only where the settings name secrets, "to-stripe" where it has its page.
std::vector<Action> payment_actions(const Payments& payments);

}  // namespace actiond
