#include "payment/session_order.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "payment/payment_rows.h"
#include "payment/reference.h"
#include "payment/session_rows.h"
#include "payment/stripe_event.h"

namespace actiond {
namespace {

constexpr std::chrono::minutes between_many(10);

using FormPairs = std::vector<std::pair<std::string, std::string>>;

// As Stripe's own libraries write it: brackets stay.
std::string to_form(const FormPairs& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs)
    form += fmt::format("{}{}={}", form.empty() ? "" : "&", name, to_percent_encoded(value, ""));
  return form;
}

Result order(const NewSession& session, const User& user, Transaction& tx) {
  const auto id = order_session(tx, session, user.asked_at());
  if (!id) return TryLater{between_many};
  return Redirect{fmt::format("/actions/to-stripe?id={}", *id)};
}

}  // namespace

Result order_checkout(const PaymentSettings& settings, const Plan& plan, const User& user,
                      Transaction& tx) {
  FormPairs pairs{{"mode", plan.once ? "payment" : "subscription"},
                  {"line_items[0][price]", std::string(plan.price_for_checkout())},
                  {"line_items[0][quantity]", "1"},
                  {"client_reference_id", reference_of(user.id(), settings)}};
  if (const auto customer = find_own_customer(tx, user.id()))
    pairs.emplace_back("customer", *customer);
  else
    pairs.emplace_back("customer_email", user.email());
  const auto ends = (user.asked_at() + checkout_life).time_since_epoch().count();
  pairs.emplace_back(fmt::format("metadata[{}]", session_plan), plan.name);
  pairs.emplace_back("success_url", settings.origin + "/actions/upgrade?paid=1");
  pairs.emplace_back("cancel_url", settings.origin + "/actions/upgrade");
  pairs.emplace_back("expires_at", std::to_string(ends));
  return order({user.id(), plan.name, to_form(pairs)}, user, tx);
}

Result order_portal(const PaymentSettings& settings, const std::string& customer, const User& user,
                    Transaction& tx) {
  const FormPairs pairs{{"customer", customer},
                        {"return_url", settings.origin + "/actions/billing"}};
  return order({user.id(), "", to_form(pairs)}, user, tx);
}

std::string payment_link(const Plan& plan, const User& user, const PaymentSettings& settings) {
  return fmt::format("{}{}client_reference_id={}&locked_prefilled_email={}", plan.link,
                     plan.link.find('?') == plan.link.npos ? '?' : '&',
                     reference_of(user.id(), settings), to_percent_encoded(user.email()));
}

}  // namespace actiond
