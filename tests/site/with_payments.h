// A site that sells plans, and the events by which Stripe tells of them.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/crypto.h"
#include "payment/reference.h"
#include "site_under_test.h"

namespace actiond::test {

inline const PaymentSettings sold{
    .takes_events = true,
    .secrets = {"whsec_a", "whsec_b"},
    .portal = "https://billing.stripe.com/p/login/x",
    .plans = {{.name = "team", .prices = {"price_1"}, .link = "https://buy.stripe.com/team"},
              {.name = "book",
               .prices = {"plink_1"},
               .link = "https://buy.stripe.com/book?x=1",
               .once = std::chrono::days(365)}}};

struct WithPayments : SiteUnderTest {
  std::string cookie = sign_up("ada@example.com");
  int events = 0;

  explicit WithPayments(const PaymentSettings& settings = sold)
      : SiteUnderTest(actions_with(settings)) {}

  static std::vector<Action> actions_with(const PaymentSettings& settings) {
    static const TemporaryFolder folder;
    static const PasswordHasher hasher(folder / "lock");
    Site site = tested_site();
    site.payments = std::make_shared<const PaymentSettings>(settings);
    return actions_of(site, hasher);
  }

  // As Stripe would: `secret` signs it.
  Response deliver(const std::string& body, const std::string& secret = "whsec_a") {
    const auto seconds = now.time_since_epoch().count();
    std::string mac;
    for (const char byte : hmac_sha256(secret, fmt::format("{}.{}", seconds, body)))
      mac += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return send(make_request("POST", "/actions/stripe",
                             {{"accept", "*/*; q=0.5, application/xml"},
                              {"content-type", "application/json; charset=utf-8"},
                              {"stripe-signature", fmt::format("t={},v1={}", seconds, mac)}},
                             body));
  }
  nlohmann::json event(const std::string& type, nlohmann::json object, Time made) {
    return {{"id", fmt::format("evt_{}", ++events)},
            {"object", "event"},
            {"type", type},
            {"created", made.time_since_epoch().count()},
            {"livemode", true},
            {"data", {{"object", std::move(object)}}}};
  }
  // Answers the outcome, in words.
  std::string tell(const nlohmann::json& event) {
    const Response response = deliver(event.dump());
    CHECK(response.status() == 200);
    return nlohmann::json::parse(response.body)["data"]["outcome"];
  }

  nlohmann::json subscription(const std::string& status, const std::string& id = "sub_1") const {
    return {{"id", id},
            {"customer", "cus_1"},
            {"status", status},
            {"current_period_start", now.time_since_epoch().count()},
            {"current_period_end", (now + std::chrono::days(30)).time_since_epoch().count()},
            {"items", {{"data", {{{"price", {{"id", "price_1"}}}}}}}}};
  }
  nlohmann::json updated(const std::string& status) {
    return event("customer.subscription.updated", subscription(status), now);
  }
  nlohmann::json checkout(const std::string& reference, const std::string& subscription = "sub_1") {
    return event("checkout.session.completed",
                 {{"id", "cs_1"},
                  {"client_reference_id", reference},
                  {"customer", "cus_1"},
                  {"subscription", subscription},
                  {"payment_status", "paid"}},
                 now);
  }
  nlohmann::json paid_once(const std::string& reference) {
    return event("checkout.session.completed",
                 {{"id", "cs_2"},
                  {"client_reference_id", reference},
                  {"payment_intent", "pi_1"},
                  {"payment_link", "plink_1"},
                  {"payment_status", "paid"}},
                 now);
  }
  std::string reference(std::int64_t user = 1) const { return reference_of(user, sold); }
  int order() { return get("/actions/order", cookie).status(); }
  std::string grants() {
    std::string text;
    for (const SourcedGrant& grant : list_grants(database.reader(), 1))
      text += fmt::format("{} {} {}; ", grant.name, grant.source, to_rfc3339(grant.until));
    return text;
  }
};

}  // namespace actiond::test
