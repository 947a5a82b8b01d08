#include "payment/payment_settings.h"

#include <algorithm>

#include "http/url.h"

namespace actiond {

std::string_view Plan::price_for_checkout() const {
  const auto found = std::ranges::find_if(
      prices, [](std::string_view price) { return price.starts_with("price_"); });
  return found == prices.end() ? std::string_view() : *found;
}

std::vector<std::string> PaymentSettings::hosts() const {
  std::vector<std::string> all;
  if (asks) all = {"checkout.stripe.com", "billing.stripe.com"};
  const auto add = [&all](const std::string& link) {
    const std::string host = host_of(link);
    if (!host.empty() && std::ranges::find(all, host) == all.end()) all.push_back(host);
  };
  for (const Plan& plan : plans) add(plan.link);
  add(portal);
  return all;
}

const Plan* PaymentSettings::plan_of(std::string_view price) const {
  const auto found = std::ranges::find_if(plans, [price](const Plan& plan) {
    return std::ranges::find(plan.prices, price) != plan.prices.end();
  });
  return found == plans.end() ? nullptr : &*found;
}

std::vector<const Plan*> PaymentSettings::plans_of(std::string_view prices) const {
  std::vector<const Plan*> found;
  while (!prices.empty()) {
    const std::string_view price = prices.substr(0, prices.find(' '));
    prices.remove_prefix(std::min(prices.size(), price.size() + 1));
    const Plan* plan = plan_of(price);
    if (plan != nullptr && std::ranges::find(found, plan) == found.end()) found.push_back(plan);
  }
  return found;
}

const Plan* PaymentSettings::plan_named(std::string_view name) const {
  const auto found = std::ranges::find(plans, name, &Plan::name);
  return found == plans.end() ? nullptr : &*found;
}

std::string permission_of(const Plan& plan) { return "plan:" + plan.name; }

std::string plan_names(const std::vector<const Plan*>& plans) {
  std::string names;
  for (const Plan* plan : plans) names.append(names.empty() ? "" : ", ").append(plan->name);
  return names;
}

}  // namespace actiond
