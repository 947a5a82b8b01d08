#include "payment/effect.h"

#include <fmt/format.h>

#include <algorithm>

#include "payment/fetch_rows.h"
#include "payment/reference.h"
#include "payment/session_rows.h"
#include "store/audit.h"
#include "store/grants.h"

namespace actiond {

std::string Effect::apply() {
  if (event_.is_live != settings_.is_live)
    return leave_open(event_.is_live ? "of live mode, and this site is in test mode"
                                     : "of test mode, and this site is in live mode");
  if (event_.is_thin) return take_thin();
  if (event_.subscription) return take(*event_.subscription);
  if (event_.checkout) return take(*event_.checkout);
  if (event_.paid_invoice) return take(*event_.paid_invoice);
  if (event_.taken_back) return take_back(*event_.taken_back);
  return "noted";
}

std::string Effect::leave_open(std::string why) {
  is_left_open_ = true;
  return why;
}

void Effect::note_unclear(const std::string& object) {
  if (settings_.asks && is_fetchable(object)) unclear_ = object;
}

std::string Effect::take_thin() {
  note_unclear(event_.about);
  if (!unclear_.empty()) return "thin: Stripe is asked";
  return settings_.asks ? "noted" : leave_open("thin: it says no state");
}

std::string Effect::take(const Subscription& told) {
  const auto known = find_subscription(tx_, told.id);
  const bool is_over = told.told_as == Subscription::As::Deleted;
  const bool is_sold = !settings_.plans_of(told.prices).empty();
  // The same account at Stripe may sell for others too: nobody asks for that.
  if (known || is_sold || told.prices.empty()) note_unclear(told.id);
  if (!is_known_status(told.status))
    return leave_open(fmt::format("unknown status {}", told.status));
  if (!is_over && !is_sold) return leave_open(fmt::format("unknown price {}", told.prices));
  // A version of the API in which it stands elsewhere must close nobody's plan.
  if (lacks_period(told)) return leave_open("it says no period");
  const Subscription kept = known ? merged(*known, told) : told;
  if (!kept.is_unsure) unclear_.clear();
  const auto user = user_of(kept);
  keep_subscription(tx_, kept, user);
  const bool is_as_before = known && kept.told_by == known->told_by && kept.told_by != event_.id;
  if (is_as_before && !kept.is_unsure) return "older than what is known";
  if (!user) return "kept: nobody knows yet whose it is";
  const std::string opened = open(kept, *user);
  return kept.is_unsure ? "unsure, since another event of that second says otherwise: " + opened
                        : opened;
}

std::string Effect::take(const Checkout& checkout) {
  const auto user = user_of_reference(checkout.reference, settings_);
  if (!user || !has_account(tx_, *user)) return leave_open("its reference is none of ours");
  end_checkouts(tx_, *user);
  // Those that were told of before are this account's from now on.
  std::vector<Subscription> known;
  if (!checkout.customer.empty()) {
    keep_customer(tx_, checkout.customer, *user);
    if (!checkout.plan.empty()) note_own_customer(tx_, checkout.customer, *user);
    known = subscriptions_of_customer(tx_, checkout.customer);
  }
  if (!checkout.subscription.empty()) {
    keep_customer(tx_, checkout.subscription, *user);
    if (auto one = find_subscription(tx_, checkout.subscription)) known.push_back(*std::move(one));
  }
  std::string opened = "linked";
  for (const Subscription& one : known)
    if (const auto owner = user_of(one)) {
      keep_subscription(tx_, one, owner);
      opened = open(one, *owner);
    }
  return checkout.subscription.empty() ? pay(checkout, *user) : opened;
}

std::string Effect::pay(const Checkout& checkout, std::int64_t user) {
  const bool is_ordered = !checkout.plan.empty();
  const Plan* plan =
      is_ordered ? settings_.plan_named(checkout.plan) : settings_.plan_of(checkout.payment_link);
  if (plan == nullptr || !plan->once)
    return leave_open(is_ordered ? fmt::format("no plan for once is {}", checkout.plan)
                                 : fmt::format("no plan for once has the payment link {}",
                                               checkout.payment_link));
  if (!checkout.is_paid) return "not paid yet";
  Payment payment = find_payment(tx_, checkout.payment);
  if (payment.paid_at) return "paid before";
  payment.user_id = user;
  payment.plan = plan->name;
  payment.paid_at = event_.made_at;
  payment.days = plan->once;
  keep_payment(tx_, payment);
  return open(payment);
}

std::string Effect::take(const PaidInvoice& invoice) {
  keep_paid_until(tx_, invoice.subscription, invoice.until);
  const auto known = find_subscription(tx_, invoice.subscription);
  const auto user = known ? user_of(*known) : std::nullopt;
  return user && settings_.paid_by == PaidBy::Invoice ? open(*known, *user) : "noted";
}

std::string Effect::take_back(const std::string& id) const {
  if (id.empty()) return "noted";
  Payment payment = find_payment(tx_, id);
  payment.is_taken_back = true;
  keep_payment(tx_, payment);
  return payment.paid_at && settings_.refund_ends ? open(payment) : "noted";
}

std::optional<std::int64_t> Effect::user_of(const Subscription& subscription) const {
  if (const auto user = find_customer(tx_, subscription.id)) return user;
  return find_customer(tx_, subscription.customer);
}

std::string Effect::open(const Subscription& one, std::int64_t user) const {
  return open(user, fmt::format("{}{}", stripe_source, one.id), settings_.plans_of(one.prices),
              open_until(one, find_paid_until(tx_, one.id), settings_));
}

// Payments for one plan follow each other, so that what is bought twice is open for twice as long,
// in whatever order they are told and taken back.
std::string Effect::open(const Payment& changed) const {
  if (!changed.user_id) return "its account is gone";
  const Plan* plan = settings_.plan_named(changed.plan.value_or(""));
  if (plan == nullptr || !plan->once) return open(changed, {}, std::nullopt);
  std::string outcome;
  Time end;
  auto payments = payments_of(tx_, *changed.user_id);
  std::ranges::reverse(payments);
  for (const Payment& one : payments) {
    if (one.plan != changed.plan || !one.paid_at) continue;
    std::optional<Time> until;
    if (!one.is_taken_back || !settings_.refund_ends) {
      const auto days = one.days.value_or(*plan->once);
      until =
          days.count() == 0 ? forever : std::min<Time>(std::max(*one.paid_at, end) + days, forever);
      if (days.count() != 0) end = *until;
    }
    const std::string opened = open(one, {plan}, until);
    if (one.id == changed.id) outcome = opened;
  }
  return outcome;
}

std::string Effect::open(const Payment& one, const std::vector<const Plan*>& plans,
                         std::optional<Time> until) const {
  return open(*one.user_id, fmt::format("{}{}", stripe_source, one.id), plans, until);
}

// The grants of that source become those of the plans, or none.
std::string Effect::open(std::int64_t user, const std::string& source,
                         const std::vector<const Plan*>& plans, std::optional<Time> until) const {
  take_grants_of_others(tx_, source, user);
  const bool opens = !plans.empty() && until;
  std::vector<std::string> names;
  if (opens) {
    names.emplace_back(paid_grant);
    for (const Plan* plan : plans) names.push_back(permission_of(*plan));
  }
  bool changes = false;
  for (const SourcedGrant& grant : list_grants(tx_, user)) {
    if (grant.source != source) continue;
    const auto stays = std::ranges::find(names, grant.name);
    if (stays == names.end())
      changes |= take_grant(tx_, user, grant.name, source);
    else if (grant.until == *until)
      names.erase(stays);
  }
  for (const std::string& name : names) give_grant(tx_, user, name, source, *until);
  changes |= !names.empty();
  const std::string outcome =
      opens ? fmt::format("{} until {}", plan_names(plans), to_rfc3339(*until)) : "opens nothing";
  if (changes)
    AuditRows().record(tx_, {.at = now_,
                             .request_id = event_.id,
                             .action = stripe_scheme,
                             .user_id = user,
                             .outcome = fmt::format("{}: {}", source, outcome)});
  return outcome;
}

}  // namespace actiond
