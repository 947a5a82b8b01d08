#include "payment/payment_settings.h"

#include <algorithm>

namespace actiond {

const Plan* PaymentSettings::plan_of(std::string_view price) const {
  const auto found = std::ranges::find_if(plans, [price](const Plan& plan) {
    return std::ranges::find(plan.prices, price) != plan.prices.end();
  });
  return found == plans.end() ? nullptr : &*found;
}

const Plan* PaymentSettings::plan_named(std::string_view name) const {
  const auto found = std::ranges::find(plans, name, &Plan::name);
  return found == plans.end() ? nullptr : &*found;
}

std::string permission_of(const Plan& plan) { return "plan:" + plan.name; }

}  // namespace actiond
