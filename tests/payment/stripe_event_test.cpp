// Stripe's events, in the shapes of three versions of its API.
#include "payment/stripe_event.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace actiond {
namespace {

const PaymentSettings settings{.plans = {{.name = "team", .prices = {"price_2", "plink_1"}}}};

std::string event(const std::string& type, const std::string& object,
                  const std::string& previous = "{}") {
  return fmt::format(
      R"({{"id":"evt_1","object":"event","type":"{}","created":1800000000,"livemode":true,)"
      R"("api_version":"2024-06-20","data":{{"object":{},"previous_attributes":{}}}}})",
      type, object, previous);
}

TEST_CASE("a subscription is read in each version of the API") {
  // The period stood in the subscription until 2025-03-31, and stands in its items since.
  for (const std::string object :
       {R"({"id":"sub_1","customer":"cus_1","status":"active","current_period_start":100,
            "current_period_end":200,"cancel_at":null,"cancel_at_period_end":false,
            "items":{"data":[{"price":{"id":"price_1"}},{"price":{"id":"price_2"}}]}})",
        R"({"id":"sub_1","customer":{"id":"cus_1"},"status":"active","cancel_at":null,
            "cancel_at_period_end":false,"items":{"data":[
            {"price":{"id":"price_1"},"current_period_start":1,"current_period_end":2},
            {"price":{"id":"price_2"},"current_period_start":100,"current_period_end":200}]}})",
        R"({"id":"sub_1","customer":"cus_1","status":"active","billing_mode":{"type":"flexible"},
            "cancel_at_period_end":false,"items":{"object":"list","data":[
            {"price":"price_2","current_period_start":100,"current_period_end":200}]}})"}) {
    const auto read = read_stripe_event(event("customer.subscription.updated", object), settings);
    REQUIRE(read);
    REQUIRE(read->subscription);
    const Subscription& one = *read->subscription;
    CHECK(one.id == "sub_1");
    CHECK(one.customer == "cus_1");
    CHECK(one.prices == "price_2");
    CHECK(one.period_start == Time(std::chrono::seconds(100)));
    CHECK(one.period_end == Time(std::chrono::seconds(200)));
    CHECK_FALSE(one.cancel_at);
    CHECK(one.told_by == "evt_1");
    CHECK(one.told_at == Time(std::chrono::seconds(1'800'000'000)));
  }
}

TEST_CASE("what is no moment of a period is none, and the item's counts where it stands there") {
  const auto period_end = [](const std::string& own, const std::string& of_item) {
    const std::string object = fmt::format(
        R"({{"id":"sub_1","status":"active"{},"items":{{"data":[{{"price":{{"id":"price_2"}}{}}}]}}}})",
        own, of_item);
    return read_stripe_event(event("customer.subscription.updated", object), settings)
        ->subscription->period_end;
  };
  const std::string name = R"(,"current_period_end":)";
  for (const std::string odd :
       {"null", "0", "-1", "-9223372036854775808", "\"1900000000\"", "1.5", "253370764801",
        "9223372036854775807", "1e30", "[]", "{}", "true"}) {
    CAPTURE(odd);
    CHECK_FALSE(period_end(name + odd, ""));
    CHECK_FALSE(period_end("", name + odd));
  }
  CHECK_FALSE(period_end("", ""));
  CHECK(period_end(name + "null", name + "1900000000") ==
        Time(std::chrono::seconds(1'900'000'000)));
  CHECK(period_end(name + "253370764800", "") ==
        Time(std::chrono::sys_days(std::chrono::year(9999) / 1 / 1)));
}

TEST_CASE("of several items those count that plans have, and the period that ends last") {
  const PaymentSettings both{.plans = {{.name = "team", .prices = {"price_2"}},
                                       {.name = "more", .prices = {"price_1", "price_4"}}}};
  const std::vector<std::string> items{
      R"({"price":{"id":"price_9"},"current_period_start":300,"current_period_end":900})",
      R"({"price":{"id":"price_2"},"current_period_start":100,"current_period_end":200})",
      R"({"price":{"id":"price_1"},"current_period_start":110,"current_period_end":400})"};
  for (const bool turned : {false, true}) {
    const std::string list = turned ? items[2] + "," + items[0] + "," + items[1]
                                    : items[0] + "," + items[1] + "," + items[2];
    const auto read = read_stripe_event(
        event("customer.subscription.updated",
              R"({"id":"sub_1","status":"active","items":{"data":[)" + list + "]}}"),
        both);
    CHECK(read->subscription->prices == "price_1 price_2");
    CHECK(read->subscription->period_start == Time(std::chrono::seconds(110)));
    CHECK(read->subscription->period_end == Time(std::chrono::seconds(400)));
  }
  CHECK(plan_names(both.plans_of("price_1 price_4 price_2 price_9 ")) == "more, team");
  CHECK(both.plans_of("").empty());
}

TEST_CASE("a subscription that is cancelled at its period's end ends then") {
  const auto read = read_stripe_event(
      event(
          "customer.subscription.updated",
          R"({"id":"sub_1","status":"active","current_period_end":200,"cancel_at_period_end":true})",
          R"({"cancel_at_period_end":false})"),
      settings);
  CHECK(read->subscription->cancel_at == Time(std::chrono::seconds(200)));
  CHECK(read->subscription->before.at("cancel_at_period_end") == "false");
}

TEST_CASE("the id of an event is found where Stripe writes it, and nowhere else") {
  CHECK(id_in_front(event("customer.created", "{}")) == "evt_1");
  CHECK(id_in_front("\n{\n  \"id\" : \"evt_A9\",\n \"object\": \"event\"}") == "evt_A9");
  for (const std::string_view body :
       {"", "{", "{}", R"({"id")", R"({"id":)", R"({"id":")", R"({"id":"evt_1)", R"({"id":""})",
        R"({"id":7})", R"({"id":{"id":"evt_1"}})", R"({"id":"evt_\u0031"})", R"({"id":"evt 1"})",
        R"({"a":{"id":"evt_1"},"id":"evt_2"})", R"([{"id":"evt_1"}])", R"({"ID":"evt_1"})"})
    CHECK_FALSE(id_in_front(body));
}

TEST_CASE("what is no event of Stripe, or of another shape, is none and breaks nothing") {
  for (const std::string body :
       {"", "[]", "null", "7", "\"x\"", "{}", R"({"id":7,"type":"x"})", R"({"id":"evt_1"})",
        R"({"id":"","type":"x"})", R"({"id":"evt_1\u0000","type":"x"})"})
    CHECK_FALSE(read_stripe_event(body, settings));
  const std::string good = R"({"id":"evt_1","object":"v2.core.event","type":"x"})";
  CHECK(read_stripe_event(good, settings));
  CHECK_FALSE(read_stripe_event(good + '\0', settings));
  for (const std::string object :
       {"null", "[]", "7", R"({"id":"sub_1","items":[]})", R"({"id":"sub_1","items":{"data":7}})",
        R"({"id":"sub_1","items":{"data":[null]},"current_period_end":"x","status":[]})",
        R"({"id":"sub_1","current_period_end":1e400})",
        R"({"id":"sub_1","current_period_end":99999999999999999999})"}) {
    const auto read = read_stripe_event(event("customer.subscription.created", object), settings);
    if (read) CHECK_FALSE(read->subscription->period_end);
    read_stripe_event(event("checkout.session.completed", object), settings);
    read_stripe_event(event("charge.refunded", object), settings);
  }
  CHECK(read_stripe_event(R"({"id":"evt_1","object":"v2.core.event","type":"x"})", settings)
            ->is_thin);
}

TEST_CASE("a paid invoice tells until when its subscription is paid, in each version of the API") {
  // The invoice's own period is the one before.
  const std::string lines = R"("period_end":100,"lines":{"data":[
      {"period":{"start":100,"end":150}},{"period":{"start":100,"end":200}},{"period":null},7]})";
  for (const std::string& of :
       {std::string(R"("subscription":"sub_1")"), std::string(R"("subscription":{"id":"sub_1"})"),
        std::string(R"("parent":{"type":"subscription_details",
                       "subscription_details":{"subscription":"sub_1"}})")}) {
    const auto read =
        read_stripe_event(event("invoice.paid", "{" + of + "," + lines + "}"), settings);
    REQUIRE(read->paid_invoice);
    CHECK(read->paid_invoice->subscription == "sub_1");
    CHECK(read->paid_invoice->until == Time(std::chrono::seconds(200)));
    CHECK_FALSE(read_stripe_event(event("invoice.created", "{" + of + "," + lines + "}"), settings)
                    ->paid_invoice);
    for (const std::string none : {"\"lines\":null", "\"lines\":{\"data\":[]}", "\"lines\":[7]"})
      CHECK_FALSE(read_stripe_event(event("invoice.paid", "{" + of + "," + none + "}"), settings)
                      ->paid_invoice);
  }
  for (const std::string none : {R"("subscription":null)", R"("parent":null)", R"("parent":[])"})
    CHECK_FALSE(read_stripe_event(event("invoice.paid", "{" + none + "," + lines + "}"), settings)
                    ->paid_invoice);
}

TEST_CASE("a checkout says whose it is, for what, and whether it is paid") {
  const auto read = read_stripe_event(
      event("checkout.session.completed",
            R"({"id":"cs_1","client_reference_id":"17-x","customer":null,"subscription":null,
                "payment_intent":"pi_1","payment_link":"plink_1","payment_status":"unpaid"})"),
      settings);
  REQUIRE(read->checkout);
  CHECK(read->checkout->reference == "17-x");
  CHECK(read->checkout->payment == "pi_1");
  CHECK_FALSE(read->checkout->is_paid);
  const auto free = read_stripe_event(
      event("checkout.session.completed",
            R"({"id":"cs_1","payment_intent":null,"payment_status":"no_payment_required"})"),
      settings);
  CHECK(free->checkout->payment == "cs_1");
  CHECK(free->checkout->is_paid);
}

}  // namespace
}  // namespace actiond
