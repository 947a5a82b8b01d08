#include <algorithm>

#include "action/declare.h"
#include "payment/payment_actions.h"
#include "payment/payment_rows.h"
#include "payment/session_order.h"
#include "store/grants.h"

namespace actiond {
namespace {

struct Upgrade {
  std::string plan;
};

const Form<Upgrade> form{plans_page, {{"plan", &Upgrade::plan, {.required = true, .max = 40}}}};

// The page to which the payment link leads back: /actions/upgrade?paid=1
struct Returned {
  std::string paid;
};
const Asked<Returned> returned{{{"paid", &Returned::paid, {.max = 200}}}};

// A second payment would be for nothing: what a subscription opens is changed where it is managed.
bool has_living_subscription(Reader& db, std::int64_t user_id) {
  return std::ranges::any_of(subscriptions_of(db, user_id), [](const Subscription& one) {
    return one.status != "canceled" && !one.status.starts_with("incomplete");
  });
}

Filled<Upgrade> show_plans(const PaymentSettings& settings, const User& user, const Returned& asked,
                           Reader& db) {
  List plans;
  for (const Plan& plan : settings.plans)
    plans.push_back({{"plan", plan.name}, {"once", plan.once ? "1" : ""}});
  const bool subscribed = has_living_subscription(db, user.id());
  const bool confirming = !asked.paid.empty() && !subscribed;
  const bool blocked = grants_blocked_at(db, user.id()).has_value();
  const bool offers = !plans.empty() && !subscribed && !confirming && !blocked;
  return {.content = {.values = {{"subscribed", subscribed ? "1" : ""},
                                 {"confirming", confirming ? "1" : ""},
                                 {"blocked", blocked ? "1" : ""},
                                 {"offers", offers ? "1" : ""}},
                      .lists = {{"plans", std::move(plans)}}}};
}

}  // namespace

Action upgrade(const Payments& payments) {
  const auto load = [payments](const User& user, const Returned& asked, Reader& db) {
    return show_plans(*payments, user, asked, db);
  };
  const auto leave = [payments](const User& user, const Upgrade& input, Transaction& tx) -> Result {
    const Plan* plan = payments->plan_named(input.plan);
    if (plan == nullptr) return form.error(&Upgrade::plan, "payment.no_such_plan");
    // A payment would open nothing.
    if (grants_blocked_at(tx, user.id())) return form.error(&Upgrade::plan, "payment.blocked");
    if (!plan->once && has_living_subscription(tx, user.id()))
      return form.error(&Upgrade::plan, "payment.subscribed");
    if (payments->makes_sessions() && !plan->price_for_checkout().empty())
      return order_checkout(*payments, *plan, user, tx);
    return Leave{payment_link(*plan, user, *payments)};
  };
  Action action =
      protected_action("upgrade", form, leave, Load{returned, load},
                       Fills{.outputs = {"subscribed", "confirming", "blocked", "offers"},
                             .lists = {{"plans", {"plan", "once"}}}});
  action.leads_to = payments->hosts();
  return action;
}

}  // namespace actiond
