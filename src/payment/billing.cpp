#include "action/declare.h"
#include "payment/payment_actions.h"
#include "payment/payment_rows.h"

namespace actiond {
namespace {

// The word for a state: the page has a sentence for each.
std::string state_of(const Subscription& one) {
  if (one.status == "canceled" || one.status == "incomplete_expired") return "ended";
  if (one.status == "past_due" || one.status == "unpaid") return "past-due";
  if (one.cancel_at && (one.status == "active" || one.status == "trialing")) return "ending";
  if (one.status == "active" && is_collection_paused(one)) return "free";
  return one.status;  // trialing, active, incomplete, paused
}

std::string to_day(Time time) { return to_rfc3339(time).substr(0, 10); }

ListRow to_row(const Subscription& one, std::optional<Time> paid_until,
               const PaymentSettings& settings) {
  const auto plans = settings.plans_of(one.prices);
  const auto until = open_until(one, paid_until, settings);
  return {{"plan", plans.empty() ? one.prices : plan_names(plans)},
          {"state", state_of(one)},
          {"until", until ? to_day(*until) : ""},
          {state_of(one), "1"}};
}

Shown show_billing(const PaymentSettings& settings, const User& user, Reader& db) {
  List subscriptions;
  for (const Subscription& one : subscriptions_of(db, user.id()))
    subscriptions.push_back(to_row(one, find_paid_until(db, one.id), settings));
  List payments;
  for (const Payment& one : payments_of(db, user.id()))
    payments.push_back({{"plan", one.plan.value_or("")},
                        {"paid", one.paid_at ? to_day(*one.paid_at) : ""},
                        {"taken-back", one.is_taken_back ? "1" : ""}});
  const bool managed = settings.makes_sessions() && find_own_customer(db, user.id());
  return Content{
      .values = {{"portal", managed ? "" : settings.portal}, {"managed", managed ? "1" : ""}},
      .lists = {{"subscriptions", std::move(subscriptions)}, {"payments", std::move(payments)}}};
}

}  // namespace

Action billing(const Payments& payments) {
  const auto show = [payments](const User& user, Reader& db) {
    return show_billing(*payments, user, db);
  };
  return protected_view("billing", billing_page, no_query, show,
                        Fills{.outputs = {"portal", "managed"},
                              .lists = {{"subscriptions",
                                         {"plan", "state", "until", "trialing", "active", "free",
                                          "ending", "past-due", "incomplete", "paused", "ended"}},
                                        {"payments", {"plan", "paid", "taken-back"}}}});
}

std::vector<Action> payment_actions(const Payments& payments) {
  std::vector<Action> actions{upgrade(payments), billing(payments), portal(payments)};
  if (payments->has_session_page) actions.push_back(to_stripe(payments));
  if (payments->takes_events) actions.push_back(stripe(payments));
  return actions;
}

}  // namespace actiond
