#include "action/declare.h"
#include "payment/payment_actions.h"
#include "payment/session_order.h"
#include "payment/session_rows.h"

namespace actiond {
namespace {

struct Which {
  std::string id;
};
const Asked<Which> which{{{"id", &Which::id, {.required = true, .max = 40}}}};

// It takes Stripe less than a second, unless something is wrong.
std::chrono::seconds again_after(std::chrono::seconds waited) {
  return std::chrono::seconds(waited < std::chrono::seconds(10) ? 1 : 3);
}

// The way out, when Stripe makes no session.
std::string link_of(const PaymentSettings& settings, const std::string& plan, const User& user) {
  if (plan.empty()) return settings.portal;
  const Plan* sold = settings.plan_named(plan);
  return sold != nullptr && !sold->link.empty() ? payment_link(*sold, user, settings) : "";
}

// Changes nothing, so that a browser may ask as often as it likes, and before its user does.
Shown show_way(const PaymentSettings& settings, const User& user, const Which& asked, Reader& db) {
  const auto session = find_session(db, asked.id, user.id(), user.asked_at());
  if (!session) return NotFound{};
  if (!session->address.empty()) return Leave{session->address};
  const bool waits = session->is_waiting;
  Content content{
      .values = {{"waiting", waits ? "1" : ""},
                 {"failed", waits ? "" : "1"},
                 {"again", "/actions/to-stripe?id=" + asked.id},
                 {"back", session->plan.empty() ? "/actions/billing" : "/actions/upgrade"},
                 {"link", waits ? "" : link_of(settings, session->plan, user)}}};
  if (waits) content.again_after = again_after(user.asked_at() - session->made_at);
  return content;
}

}  // namespace

Action to_stripe(const Payments& payments) {
  const auto show = [payments](const User& user, const Which& asked, Reader& db) {
    return show_way(*payments, user, asked, db);
  };
  Action view = protected_view("to-stripe", session_page, which, show,
                               Fills{.outputs = {"waiting", "failed", "again", "back", "link"}});
  view.leads_to = payments->hosts();
  return view;
}

}  // namespace actiond
