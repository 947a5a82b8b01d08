#include "action/declare.h"
#include "payment/payment_actions.h"
#include "payment/payment_rows.h"
#include "payment/session_order.h"

namespace actiond {
namespace {

struct Nothing {};

// Its button stands in the page of "billing".
const Form<Nothing> no_fields{};

}  // namespace

Action portal(const Payments& payments) {
  const auto leave = [payments](const User& user, const Nothing&, Transaction& tx) -> Result {
    const auto customer = find_own_customer(tx, user.id());
    // That page has the portal's login link.
    if (!payments->makes_sessions() || !customer) return Redirect{"/actions/billing"};
    return order_portal(*payments, *customer, user, tx);
  };
  return protected_action("portal", no_fields, leave);
}

}  // namespace actiond
