// Payments: from the plan to Stripe and back, what each event opens, and what it never does.
#include <doctest/doctest.h>

#include <array>

#include "payment/effect.h"
#include "site/with_payments.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using test::SiteUnderTest;
using test::sold;
using test::WithPayments;

TEST_CASE("a visitor pays at Stripe, and has access until the period's end") {
  WithPayments site;
  CHECK(site.order() == 402);
  const Response plans = site.get("/actions/upgrade", site.cookie, "text/html");
  CHECK(plans.body.find("value=\"team\"") != std::string::npos);
  const Response leaving = site.post("upgrade", {{"plan", "team"}}, site.cookie, "text/html");
  CHECK(leaving.status() == 303);
  CHECK(test::header(leaving, "Location") ==
        "https://buy.stripe.com/team?client_reference_id=" + site.reference() +
            "&locked_prefilled_email=ada%40example.com");
  // Back, before the event: nothing is offered a second time.
  const std::string waiting = site.get("/actions/upgrade?paid=1", site.cookie, "text/html").body;
  CHECK(waiting.find("is being confirmed") != std::string::npos);
  CHECK(waiting.find("<form hidden method=\"post\" action=\"/actions/upgrade\"") !=
        std::string::npos);

  CHECK(site.tell(site.checkout(site.reference())) == "linked");
  CHECK(site.tell(site.updated("active")) == "team until 2027-02-15T08:00:00Z");
  CHECK(site.order() == 200);
  CHECK(site.grants() ==
        "paid stripe:sub_1 2027-02-15T08:00:00Z; plan:team stripe:sub_1 2027-02-15T08:00:00Z; ");
  CHECK(site.post("upgrade", {{"plan", "team"}}, site.cookie).status() == 422);
  const std::string billing = site.get("/actions/billing", site.cookie, "text/html").body;
  CHECK(billing.find("It is paid, and is renewed") != std::string::npos);
  CHECK(billing.find("It has ended") == std::string::npos);
  // A script is told the state as well; of the two lists CSV has the first.
  CHECK(site.get("/actions/billing", site.cookie, "text/plain")
            .body.find("team\tactive\t2027-02-15\t1\n") != std::string::npos);
  CHECK(site.get("/actions/billing", site.cookie, "text/csv")
            .body.starts_with("\xEF\xBB\xBFplan,state,until,active\r\n"));
  site.now += days(31);
  site.cookie = test::session_of(
      site.post("sign-in", {{"email", "ada@example.com"}, {"password", "correct horse"}}));
  CHECK(site.order() == 402);
}

TEST_CASE("access ends when the subscription does, and what an operator gave stays") {
  WithPayments site;
  site.tell(site.checkout(site.reference()));
  site.tell(site.updated("active"));
  site.now += std::chrono::seconds(5);
  json ended = site.subscription("canceled");
  ended["ended_at"] = site.now.time_since_epoch().count();
  CHECK(site.tell(site.event("customer.subscription.deleted", ended, site.now)) ==
        "team until 2027-01-15T08:00:05Z");
  CHECK(site.order() == 402);
  site.grant("ada@example.com", forever);
  site.tell(site.updated("active"));  // late: it has ended
  CHECK(site.order() == 200);
  site.grant("ada@example.com", std::nullopt);
  CHECK(site.order() == 402);
}

TEST_CASE("no event lifts a block, and a blocked account is sold nothing") {
  WithPayments site;
  site.tell(site.checkout(site.reference()));
  site.change([&](Transaction& tx) { block_grants(tx, 1, site.now); });
  CHECK(site.tell(site.updated("active")) == "team until 2027-02-15T08:00:00Z");
  CHECK(site.tell(site.paid_once(site.reference())) == "book until 2028-01-15T08:00:00Z");
  CHECK(site.order() == 402);
  CHECK(site.post("upgrade", {{"plan", "book"}}, site.cookie).status() == 422);
  const std::string plans = site.get("/actions/upgrade", site.cookie, "text/html").body;
  CHECK(plans.find("<p data-if=\"blocked\">With this account nothing can be bought") !=
        std::string::npos);
  CHECK(plans.find("<form hidden method=\"post\" action=\"/actions/upgrade\"") !=
        std::string::npos);
  site.change([&](Transaction& tx) { unblock_grants(tx, 1); });
  CHECK(site.order() == 200);
}

TEST_CASE("an event has one effect, however often it comes") {
  WithPayments site;
  const json linked = site.checkout(site.reference()), active = site.updated("active");
  site.tell(linked);
  site.tell(active);
  const auto before = site.all_rows();
  CHECK(site.tell(active) == "came before");
  CHECK(site.tell(linked) == "came before");
  CHECK(test::changed_tables(before, site.all_rows()) == "");
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM audit WHERE action = 'stripe'") ==
        std::tuple(1));
}

TEST_CASE(
    "an event that came before waits for no writer, and one that comes at once has no effect") {
  WithPayments site;
  json event = site.updated("active");
  event.erase("id");
  // As Stripe writes it: the id is in front.
  const std::string body = R"({"id":"evt_x",)" + event.dump().substr(1);
  const auto outcome = [&] {
    return json::parse(site.deliver(body).body)["data"]["outcome"].get<std::string>();
  };
  site.store.just_before_write = [&](Transaction& tx) {
    begin_event(tx, "stripe", "evt_x", "customer.subscription.updated", site.now);
  };
  CHECK(outcome() == "came before");
  CHECK_FALSE(site.store.just_before_write);
  CHECK_FALSE(find_subscription(site.database.reader(), "sub_1"));
  site.store.just_before_write = [](Transaction&) {};
  CHECK(outcome() == "came before");
  CHECK(site.store.just_before_write);
  site.change([](Transaction& tx) { forget_event(tx, "stripe", "evt_x"); });
  CHECK(outcome() == "kept: nobody knows yet whose it is");
}

TEST_CASE(
    "collection that is paused leaves the plan open, unless an invoice has to tell of payment") {
  for (const auto& [paid_by, end] : {std::pair(PaidBy::Subscription, "2027-02-15T08:00:00Z"),
                                     std::pair(PaidBy::Invoice, "2027-01-16T08:00:00Z")}) {
    PaymentSettings settings = sold;
    settings.paid_by = paid_by;
    WithPayments site(settings);
    site.tell(site.checkout(site.reference()));
    json paused = site.updated("active");
    paused["data"]["object"]["pause_collection"] = {{"behavior", "void"}, {"resumes_at", nullptr}};
    CHECK(site.tell(paused) == fmt::format("team until {}", end));
    const std::string billing = site.get("/actions/billing", site.cookie, "text/html").body;
    CHECK(billing.find("Nothing is charged for it at present") != std::string::npos);
    CHECK(billing.find("It is paid, and is renewed") == std::string::npos);
    json resumed = site.updated("active");
    resumed["created"] = (site.now + std::chrono::seconds(1)).time_since_epoch().count();
    resumed["data"]["object"]["pause_collection"] = nullptr;
    site.tell(resumed);
    CHECK(site.get("/actions/billing", site.cookie, "text/html")
              .body.find("It is paid, and is renewed") != std::string::npos);
  }
}

TEST_CASE("nobody opens a plan for another account, or takes one away") {
  WithPayments site;
  site.tell(site.checkout(site.reference()));
  site.tell(site.updated("active"));
  const std::string grants = site.grants();
  site.sign_up("eve@example.com");
  const std::string mine = site.reference(2);
  for (const std::string& forged :
       {std::string("1"), "1" + mine.substr(1), mine.substr(0, mine.size() - 1), std::string(),
        std::string("-"), std::string("2-"), "02" + mine.substr(1),
        std::string("99999999999999999999-x")}) {
    CAPTURE(forged);
    CHECK(site.tell(site.checkout(forged, "sub_9")) == "its reference is none of ours");
  }
  // With a reference of her own and another's customer: what is another's stays so.
  site.tell(site.checkout(mine));
  CHECK(site.grants() == grants);
  CHECK(list_grants(site.database.reader(), 2).empty());
}

TEST_CASE("events that tell nothing, or of another mode, change nothing and say so") {
  WithPayments site;
  site.tell(site.checkout(site.reference()));
  json test_mode = site.updated("active");
  test_mode["livemode"] = false;
  CHECK(site.tell(test_mode) == "of test mode, and this site is in live mode");
  json thin = site.updated("active");
  thin["object"] = "v2.core.event";
  CHECK(site.tell(thin) == "thin: it says no state");
  CHECK(site.tell(site.updated("dunning")) == "unknown status dunning");
  json other_price = site.updated("active");
  other_price["data"]["object"]["items"]["data"][0]["price"]["id"] = "price_9";
  CHECK(site.tell(other_price) == "unknown price price_9");
  CHECK(site.tell(site.event("customer.created", {{"id", "cus_1"}}, site.now)) == "noted");
  CHECK(site.grants() == "");
}

TEST_CASE("where the courier has a key, a thin event is kept and leaves a row for it") {
  PaymentSettings asking = sold;
  asking.asks = true;
  WithPayments site(asking);
  const json thin{{"id", "evt_1"},
                  {"object", "v2.core.event"},
                  {"type", "v1.customer.subscription.updated"},
                  {"created", "2027-01-15T08:00:00.000Z"},
                  {"livemode", true},
                  {"related_object", {{"id", "sub_1"}, {"url", "/v1/subscriptions/sub_1"}}}};
  CHECK(site.tell(thin) == "thin: Stripe is asked");
  CHECK(site.tell(thin) == "came before");
  CHECK(site.database.reader().row<std::string, std::string>(
            "SELECT object, asked_by FROM stripe_fetches") == std::tuple("sub_1", "evt_1"));
  json of_test_mode = thin;
  of_test_mode["id"] = "evt_2";
  of_test_mode["livemode"] = false;
  CHECK(site.tell(of_test_mode) == "of test mode, and this site is in live mode");
}

TEST_CASE("an event that had no effect is sent again once the settings are mended") {
  PaymentSettings wrong = sold;
  wrong.plans[0].prices = {"price_9"};
  auto payments = std::make_shared<PaymentSettings>(wrong);
  WithPayments site(*payments);
  site.tell(site.checkout(site.reference()));
  const json active = site.updated("active");
  for (int time = 0; time < 2; ++time) CHECK(site.tell(active) == "unknown price price_1");
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM webhook_events") == std::tuple(1));
}

TEST_CASE("two events of one second, in both orders, open the same") {
  std::string first;
  for (const bool turned : {false, true}) {
    WithPayments site;
    site.tell(site.checkout(site.reference()));
    json ending = site.updated("active"), going_on = site.updated("active");
    const auto day = (site.now + days(9)).time_since_epoch().count();
    ending["data"]["object"]["cancel_at"] = day;
    ending["data"]["previous_attributes"] = {{"cancel_at", nullptr}};
    going_on["data"]["object"]["cancel_at"] = nullptr;
    going_on["data"]["previous_attributes"] = {{"cancel_at", day}};
    for (const json& event : {turned ? going_on : ending, turned ? ending : going_on})
      site.tell(event);
    if (first.empty()) first = site.grants();
    CHECK(site.grants() == first);
    CHECK(first.find("plan:team") != std::string::npos);
  }
}

TEST_CASE("three events of one second end the same, whichever comes last") {
  std::string first;
  for (const auto& order : {std::array{0, 1, 2}, std::array{2, 0, 1}, std::array{1, 2, 0}}) {
    WithPayments site;
    site.tell(site.checkout(site.reference()));
    std::array events{site.updated("active"), site.updated("past_due"), site.updated("unpaid")};
    for (json& event : events) event["data"]["object"]["cancel_at_period_end"] = true;
    events[0]["data"]["previous_attributes"] = {{"cancel_at_period_end", false}};
    events[1]["data"]["previous_attributes"] = {{"status", "active"}};
    events[2]["data"]["previous_attributes"] = {{"status", "past_due"}};
    events[0]["id"] = "evt_z";  // the ids do not run with time
    for (const int next : order) site.tell(events[static_cast<std::size_t>(next)]);
    const auto known = find_subscription(site.database.reader(), "sub_1");
    REQUIRE(known);
    CHECK(known->status == "unpaid");
    CHECK_FALSE(known->is_unsure);
    if (first.empty()) first = site.grants();
    CHECK(site.grants() == first);
  }
}

TEST_CASE("a subscription is the account's that its checkout named, in every order") {
  for (const bool is_told_first : {false, true}) {
    WithPayments site;
    site.sign_up("bo@example.com");
    site.tell(site.checkout(site.reference()));
    json second = site.updated("active");
    second["data"]["object"]["id"] = "sub_2";
    if (is_told_first) site.tell(second);
    site.tell(site.checkout(site.reference(2), "sub_2"));
    if (!is_told_first) site.tell(second);
    CHECK(site.grants() == "");
    CHECK(list_grants(site.database.reader(), 2).size() == 2);
  }
}

TEST_CASE("what is paid once opens its plan for so long, until it is paid back") {
  for (const bool is_refund_first : {false, true}) {
    WithPayments site;
    const json refund =
        site.event("charge.refunded", {{"payment_intent", "pi_1"}, {"refunded", true}}, site.now);
    if (is_refund_first) {
      site.tell(refund);
      CHECK(site.tell(site.paid_once(site.reference())) == "opens nothing");
    } else {
      CHECK(site.tell(site.paid_once(site.reference())) == "book until 2028-01-15T08:00:00Z");
      CHECK(site.order() == 200);
      const json part = site.event("charge.refunded",
                                   {{"payment_intent", "pi_1"}, {"refunded", false}}, site.now);
      CHECK(site.tell(part) == "noted");
      CHECK(site.order() == 200);
      const std::string paid = site.get("/actions/billing", site.cookie, "text/html").body;
      CHECK(paid.find("Paid once, on <time") != std::string::npos);
      CHECK(paid.find("paid back") == std::string::npos);
      CHECK(site.tell(refund) == "opens nothing");
    }
    CHECK(site.get("/actions/billing", site.cookie, "text/html").body.find(", and paid back") !=
          std::string::npos);
    CHECK(site.order() == 402);
  }
}

TEST_CASE("an event that says no period closes nothing, and is sent again") {
  for (const std::string status : {"active", "past_due"})
    for (const std::string missing : {"current_period_end", "current_period_start"}) {
      WithPayments site;
      site.tell(site.checkout(site.reference()));
      site.tell(site.updated("active"));
      const std::string opened = site.grants();
      site.now += days(1);
      json odd = site.updated(status);
      odd["data"]["object"].erase(missing);
      // As it stays behind a trial.
      odd["data"]["object"]["trial_end"] = 1;
      for (int time = 0; time < 2; ++time) CHECK(site.tell(odd) == "it says no period");
      CHECK(site.grants() == opened);
      CHECK(site.order() == 200);
    }
}

TEST_CASE("a subscription of two plans opens both, and closes the one that it loses") {
  PaymentSettings both = sold;
  both.plans.push_back(
      {.name = "more", .prices = {"price_3"}, .link = "https://buy.stripe.com/more"});
  WithPayments site(both);
  site.tell(site.checkout(site.reference()));
  json two = site.updated("active");
  json& items = two["data"]["object"]["items"]["data"];
  items.push_back({{"price", {{"id", "price_3"}}}});
  CHECK(site.tell(two) == "team, more until 2027-02-15T08:00:00Z");
  CHECK(site.grants() ==
        "paid stripe:sub_1 2027-02-15T08:00:00Z; plan:more stripe:sub_1 2027-02-15T08:00:00Z; "
        "plan:team stripe:sub_1 2027-02-15T08:00:00Z; ");
  CHECK(site.get("/actions/billing", site.cookie, "text/plain").body.find("team, more\tactive") !=
        std::string::npos);
  site.now += std::chrono::seconds(1);
  CHECK(site.tell(site.updated("active")) == "team until 2027-02-15T08:00:01Z");
  CHECK(site.grants().find("plan:more") == std::string::npos);
}

TEST_CASE("what is bought twice is open for twice as long, in every order") {
  for (const bool is_turned : {false, true}) {
    WithPayments site;
    json first = site.paid_once(site.reference());
    site.now += days(10);
    json second = site.paid_once(site.reference());
    second["data"]["object"]["payment_intent"] = "pi_2";
    site.tell(is_turned ? second : first);
    site.tell(is_turned ? first : second);
    CHECK(site.grants().find("plan:book stripe:pi_1 2028-01-15T08:00:00Z") != std::string::npos);
    CHECK(site.grants().find("plan:book stripe:pi_2 2029-01-14T08:00:00Z") != std::string::npos);
    // Paid back, the first one leaves the second its own days.
    site.tell(
        site.event("charge.refunded", {{"payment_intent", "pi_1"}, {"refunded", true}}, site.now));
    CHECK(site.grants() ==
          "paid stripe:pi_2 2028-01-25T08:00:00Z; plan:book stripe:pi_2 2028-01-25T08:00:00Z; ");
  }
}

TEST_CASE("days that were bought stay as many when the settings sell fewer") {
  WithPayments site;
  site.tell(site.paid_once(site.reference()));
  PaymentSettings fewer = sold;
  fewer.plans[1].once = days(30);
  site.now += days(1);
  site.change([&](Transaction& tx) {
    json second = site.paid_once(site.reference());
    second["id"] = "evt_2";
    second["data"]["object"]["payment_intent"] = "pi_2";
    const auto event = read_stripe_event(second.dump(), fewer);
    Effect(fewer, *event, site.now, tx).apply();
  });
  CHECK(site.grants().find("plan:book stripe:pi_1 2028-01-15T08:00:00Z") != std::string::npos);
  CHECK(site.grants().find("plan:book stripe:pi_2 2028-02-14T08:00:00Z") != std::string::npos);
}

TEST_CASE("an event that is forged writes nothing, and is answered by no redirect") {
  WithPayments site;
  const auto before = site.all_rows();
  const std::string body = site.updated("active").dump();
  CHECK(site.deliver(body, "whsec_c").status() == 400);
  CHECK(site.deliver(body, "").status() == 400);
  for (const std::string accept : {"text/html", "application/json", "*/*"}) {
    const Response refused =
        site.send(test::make_request("POST", "/actions/stripe", {{"accept", accept}}, body));
    CHECK(refused.status() == 400);
    CHECK(refused.body.find("signature") != std::string::npos);
  }
  CHECK(site.get("/actions/stripe").status() == 405);
  CHECK(test::changed_tables(before, site.all_rows()) == "");
  CHECK(site.deliver(body, "whsec_b").status() == 200);
}

TEST_CASE("an action leads to another site that it names, and nowhere else") {
  auto actions = WithPayments::actions_with(sold);
  for (Action& action : actions)
    if (action.name == "upgrade") action.leads_to = {"stripe.com", "buy.stripe.com.evil.example"};
  SiteUnderTest site(actions);
  const std::string cookie = site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  const Response refused = site.post("upgrade", {{"plan", "team"}}, cookie);
  CHECK(refused.status() == 500);
  CHECK(refused.body.find("buy.stripe.com") == std::string::npos);
  CHECK(test::changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("without secrets there is nothing to buy, and no webhook") {
  WithPayments site(PaymentSettings{});
  CHECK(site.send(test::make_request("POST", "/actions/stripe", {}, "{}")).status() == 404);
  const std::string plans = site.get("/actions/upgrade", site.cookie, "text/html").body;
  CHECK(plans.find("There is nothing to buy") != std::string::npos);
  CHECK(site.post("upgrade", {{"plan", "team"}}, site.cookie).status() == 422);
}

}  // namespace
}  // namespace actiond
