#include "stripe/stripe_sessions.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/log.h"
#include "http/url.h"

namespace actiond {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds tried_again_after(1);
// Our answer carries it in a header, for which nginx has so much room.
constexpr std::size_t longest_address = 4096;

// Of an address in a header: no space, no control character, and nothing that two readers may read
// as two hosts.
bool is_plain(std::string_view address) {
  return address.size() <= longest_address && std::ranges::all_of(address, [](char c) {
           return c > ' ' && c < '\x7F' && c != '\\' && c != '@' && c != '"' && c != '<' &&
                  c != '>';
         });
}

// Another try may fare better: another one is under way, or Stripe has a fault.
bool may_change(long status) { return status == 409 || status >= 500; }

}  // namespace

std::optional<std::string> address_of_session(const std::string& body, bool is_live,
                                              const std::vector<std::string>& hosts) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || json.value("livemode", Json()) != is_live) return std::nullopt;
  const Json object = json.value("object", Json()), url = json.value("url", Json());
  if (object != "checkout.session" && object != "billing_portal.session") return std::nullopt;
  if (!url.is_string()) return std::nullopt;
  std::string address = url.get<std::string>();
  const auto read = resolve_url(address, "/");
  const bool leads_there = read && read->scheme == "https" && is_plain(address) &&
                           std::ranges::find(hosts, read->host) != hosts.end();
  return leads_there ? std::optional(std::move(address)) : std::nullopt;
}

bool StripeSessions::round(StripeApi::Clock::time_point now) {
  if (api_.is_down(now) || !has_due_session(store_.reader(), clock_())) return false;
  std::optional<OrderedSession> session;
  store_.run([&](Transaction& tx) { session = take_session(tx, clock_()); });
  if (!session) return false;
  note(*session,
       api_.ask({session->is_portal ? "/v1/billing_portal/sessions" : "/v1/checkout/sessions",
                 session->asks, session->id},
                now));
  return !api_.is_down(now);
}

// Neither the address nor the id is for the log.
void StripeSessions::note(const OrderedSession& session, const StripeAnswer& answer) {
  using Outcome = StripeAnswer::Outcome;
  if (answer.outcome == Outcome::Down)
    return store_.run(
        [&](Transaction& tx) { postpone(tx, session, clock_() + tried_again_after); });
  if (answer.outcome != Outcome::Found) {
    if (!may_change(answer.status))
      return refuse(session, answer.text, answer.missing_parameter == "customer");
    log_event("warning", "Stripe made no session", {{"reason", answer.text}});
    return store_.run([&](Transaction& tx) { mark_failed(tx, session, answer.text, clock_()); });
  }
  const auto address = address_of_session(answer.text, settings_.is_live, settings_.hosts());
  if (!address) return refuse(session, "the answer is no session, or leads elsewhere", false);
  store_.run([&](Transaction& tx) { keep_address(tx, session, *address); });
  log_event("info", "session made at Stripe", {{"request", answer.by}});
}

void StripeSessions::refuse(const OrderedSession& session, const std::string& reason,
                            bool lacks_customer) {
  store_.run([&](Transaction& tx) {
    if (lacks_customer) disown_customer(tx, session);
    mark_refused(tx, session, reason, clock_());
  });
  log_event("error", "Stripe refuses a session", {{"reason", reason}});
}

}  // namespace actiond
