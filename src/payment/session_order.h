// Orders a session of checkout or portal, in the words of Stripe's API:
// https://docs.stripe.com/api/checkout/sessions/create and …/customer_portal/sessions/create
#pragma once

#include <string>

#include "access/access.h"
#include "action/result.h"
#include "payment/payment_settings.h"

namespace actiond {

// Both lead to the page where the visitor waits for it.
Result order_checkout(const PaymentSettings& settings, const Plan& plan, const User& user,
                      Transaction& tx);
Result order_portal(const PaymentSettings& settings, const std::string& customer, const User& user,
                    Transaction& tx);

// The payment link of a plan that has one, with the reference of the account, and its address,
// which is then not typed again.
std::string payment_link(const Plan& plan, const User& user, const PaymentSettings& settings);

}  // namespace actiond
