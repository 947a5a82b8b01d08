// The plans that a site sells by Stripe, as the section [stripe] of its settings says.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actiond {

// A plan opens the paid level and the permission "plan:NAME".
struct Plan {
  std::string name = {};                 // [a-z0-9-]+
  std::vector<std::string> prices = {};  // ids: "price_…", or "plink_…" of what is paid once
  // The payment link, "https://buy.stripe.com/…"; may be empty where the courier has a key.
  std::string link = {};
  // Of a payment for once: how long it opens the plan; 0: without end.  Nothing: a subscription.
  std::optional<std::chrono::days> once = {};

  // The first of its prices that a checkout can be made for; empty: its link alone sells it.
  std::string_view price_for_checkout() const;
};

// Until when a plan stays open whose renewal is not paid.
enum class PastDue { Grace, Keep, End };

// By which word a period counts as paid: of the subscription, that it is active, or of an invoice.
enum class PaidBy { Subscription, Invoice };

struct PaymentSettings {
  bool takes_events = false;              // whether there is an action "stripe"
  std::vector<std::string> secrets = {};  // of the webhook, in a program that runs actions
  bool asks = false;                      // whether the courier has a key to ask Stripe with
  bool has_session_page = false;          // whether the page is there on which a visitor waits
  std::string origin = {};                // of the site, to which Stripe leads back
  bool is_live = true;                    // events of the other mode have no effect
  PastDue past_due = PastDue::Grace;
  PaidBy paid_by = PaidBy::Subscription;
  std::chrono::days past_due_days{7};
  std::chrono::days grace_days{1};  // behind a period's end, until its renewal was told
  bool refund_ends = true;          // a refund, or a dispute, of a payment for once
  std::string portal = {};          // of Stripe, for customers: "https://billing.stripe.com/…"
  std::vector<Plan> plans = {};

  // Whether the courier makes the way to Stripe.
  bool makes_sessions() const { return asks && has_session_page; }
  // Where the links above and the sessions lead: "buy.stripe.com".
  std::vector<std::string> hosts() const;
  const Plan* plan_of(std::string_view price) const;
  // Each once; `prices` have a space between two.
  std::vector<const Plan*> plans_of(std::string_view prices) const;
  const Plan* plan_named(std::string_view name) const;
};

// "plan:team", the permission.
std::string permission_of(const Plan& plan);

// "team, book".
std::string plan_names(const std::vector<const Plan*>& plans);

}  // namespace actiond
