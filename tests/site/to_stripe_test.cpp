// The way to Stripe where the courier makes it: what a press orders, who sees it, and its end.
#include <doctest/doctest.h>

#include "payment/session_rows.h"
#include "site/with_payments.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::minutes;
using std::chrono::seconds;
using test::sold;
using test::WithPayments;

PaymentSettings asking() {
  PaymentSettings settings = sold;
  settings.asks = true;
  settings.has_session_page = true;
  settings.origin = "https://example.com";
  settings.plans[1].prices = {"plink_1", "price_2", "price_3"};
  settings.plans.push_back(
      {.name = "old", .prices = {"plink_2"}, .link = "https://buy.stripe.com/old"});
  return settings;
}

const std::string checkout_address = "https://checkout.stripe.com/c/pay/cs_1#fid";

struct Leaving : WithPayments {
  explicit Leaving(const PaymentSettings& settings = asking()) : WithPayments(settings) {}

  // Where a press leads.
  std::string press(const std::string& plan = "team") {
    const Response pressed = post("upgrade", {{"plan", plan}}, cookie, "text/html");
    CHECK(pressed.status() == 303);
    return test::header(pressed, "Location");
  }
  std::string press_portal() {
    return test::header(post("portal", {}, cookie, "text/html"), "Location");
  }
  // As the courier does when Stripe answers.
  void answer(const std::string& with = checkout_address) {
    change([&](Transaction& tx) { keep_address(tx, *take_session(tx, now), with); });
  }
  void refuse() {
    change([&](Transaction& tx) { mark_refused(tx, *take_session(tx, now), "402", now); });
  }
  std::string asks() {
    const auto row = database.reader().row<std::string>(
        "SELECT asks FROM stripe_sessions WHERE due_at IS NOT NULL ORDER BY made_at DESC LIMIT 1");
    return row ? std::get<0>(*row) : "";
  }
  std::string value_of(const std::string& path, const std::string& name) {
    return json::parse(get(path, cookie).body)["data"]["values"][name];
  }
  std::int64_t sessions() {
    return std::get<0>(
        *database.reader().row<std::int64_t>("SELECT count(*) FROM stripe_sessions"));
  }
  // Paid in a session of ours, or by a link.
  json paid(bool is_own, const std::string& plan = "team") {
    json event = plan == "book" ? paid_once(reference()) : checkout(reference());
    json& object = event["data"]["object"];
    object["customer"] = "cus_1";
    if (is_own) object["metadata"] = {{"actiond_plan", plan}};
    if (is_own) object.erase("payment_link");
    return event;
  }
};

TEST_CASE("a press leads to a page that waits, and on to Stripe once the way is there") {
  Leaving site;
  const std::string way = site.press();
  REQUIRE(way.starts_with("/actions/to-stripe?id="));
  const auto before = site.all_rows();
  const Response waiting = site.get(way, site.cookie, "text/html");
  CHECK(waiting.status() == 200);
  CHECK(test::header(waiting, "Refresh") == "1");
  CHECK(waiting.body.find("is being made") != std::string::npos);
  CHECK(waiting.body.find("Nothing was paid") == std::string::npos);
  CHECK(waiting.body.find("href=\"" + way + "\"") != std::string::npos);
  CHECK(json::parse(site.get(way, site.cookie).body)["data"]["values"]["waiting"] == "1");
  CHECK(site.get(way, site.cookie, "text/plain").body.find("waiting=1\n") != std::string::npos);
  site.now += seconds(10);
  CHECK(test::header(site.get(way, site.cookie, "text/html"), "Refresh") == "3");
  // However often, and by whomever, a browser that looks ahead included, it is asked for.
  CHECK(test::changed_tables(before, site.all_rows()) == "");
  site.answer();
  const auto ready = site.all_rows();
  for (int time = 0; time < 3; ++time) {
    const Response leaving = site.get(way, site.cookie, "text/html");
    CHECK(leaving.status() == 303);
    CHECK(test::header(leaving, "Location") == checkout_address);
  }
  CHECK(json::parse(site.get(way, site.cookie).body) ==
        json{{"ok", true}, {"location", checkout_address}});
  CHECK(site.get(way, site.cookie, "text/plain").body == "ok location=" + checkout_address + "\n");
  CHECK(test::changed_tables(ready, site.all_rows()) == "");
  site.now += checkout_life;
  CHECK(site.get(way, site.cookie, "text/html").status() == 404);
}

TEST_CASE("a script is told the same way") {
  Leaving site;
  const json pressed = json::parse(site.post("upgrade", {{"plan", "team"}}, site.cookie).body);
  CHECK(pressed["location"].get<std::string>().starts_with("/actions/to-stripe?id="));
  CHECK(site.post("upgrade", {{"plan", "team"}}, site.cookie, "text/plain").body == "ok\n");
  CHECK(site.sessions() == 1);
}

TEST_CASE("the way is nobody else's, who cannot tell it from one that is not there") {
  Leaving site;
  const std::string way = site.press();
  site.answer();
  const std::string bo = site.sign_up("bo@example.com");
  for (const std::string accept : {"text/html", "application/json", "text/plain"}) {
    Response other = site.get(way, bo, accept);
    Response none = site.get("/actions/to-stripe?id=AAAAAAAAAAAAAAAAAAAAAA", bo, accept);
    CHECK(other.status() == 404);
    CHECK(none.status() == 404);
    CHECK(other.body == none.body);
    CHECK(other.headers() == none.headers());
    CHECK(other.body.find("checkout.stripe.com") == std::string::npos);
  }
  const Response nobody = site.get(way, "", "text/html");
  CHECK(nobody.status() == 303);
  CHECK(test::header(nobody, "Location").starts_with("/sign-in.html?next="));
  CHECK(site.get(way).status() == 401);
  for (const std::string& id : {std::string(), std::string("x"), std::string(41, 'a')})
    CHECK(site.get("/actions/to-stripe?id=" + id, bo).status() >= 404);
}

TEST_CASE("when Stripe refuses, or nobody asks it, the page says so and shows the way out") {
  for (const bool is_refused : {true, false}) {
    Leaving site;
    const std::string way = site.press();
    if (is_refused) site.refuse();
    if (!is_refused) site.now += session_patience;
    const Response failed = site.get(way, site.cookie, "text/html");
    CHECK(failed.status() == 200);
    CHECK(test::header(failed, "Refresh") == "");
    CHECK(failed.body.find("Nothing was paid") != std::string::npos);
    CHECK(failed.body.find("is being made") == std::string::npos);
    CHECK(failed.body.find("the other way") != std::string::npos);
    CHECK(site.value_of(way, "link") ==
          "https://buy.stripe.com/team?client_reference_id=" + site.reference() +
              "&locked_prefilled_email=ada%40example.com");
    CHECK(failed.body.find("402") == std::string::npos);
    CHECK(site.press() != way);
  }
}

TEST_CASE("a plan without a link has no other way out") {
  PaymentSettings settings = asking();
  settings.plans[0].link = "";
  Leaving site(settings);
  const std::string way = site.press();
  site.refuse();
  const std::string failed = site.get(way, site.cookie, "text/html").body;
  CHECK(failed.find("Go back") != std::string::npos);
  CHECK(failed.find("the other way") == std::string::npos);
}

// Byte by byte as npm's stripe 23.1.0 writes the same call.
TEST_CASE("Stripe is asked for what the settings sell, to the account that asked") {
  Leaving site;
  site.press();
  CHECK(site.asks() ==
        "mode=subscription&line_items[0][price]=price_1&line_items[0][quantity]=1"
        "&client_reference_id=" +
            site.reference() +
            "&customer_email=ada%40example.com&metadata[actiond_plan]=team"
            "&success_url=https%3A%2F%2Fexample.com%2Factions%2Fupgrade%3Fpaid%3D1"
            "&cancel_url=https%3A%2F%2Fexample.com%2Factions%2Fupgrade&expires_at=1800003600");
  site.now += seconds(1);
  site.press("book");
  CHECK(site.asks().starts_with(
      "mode=payment&line_items[0][price]=price_2&line_items[0][quantity]=1&"));
  CHECK(site.asks().find("&metadata[actiond_plan]=book&") != std::string::npos);
  // A plan that has a link alone is sold by it.
  CHECK(site.press("old").starts_with("https://buy.stripe.com/old?"));
}

TEST_CASE("a second press goes the same way, until it is paid") {
  Leaving site;
  const std::string way = site.press();
  CHECK(site.press() == way);
  CHECK(site.press("book") != way);
  site.answer();
  CHECK(site.press() == way);
  CHECK(site.tell(site.paid(true, "book")) == "book until 2028-01-15T08:00:00Z");
  CHECK(site.sessions() == 0);
  CHECK(site.get(way, site.cookie, "text/html").status() == 404);
  CHECK(site.press() != way);
}

TEST_CASE("what was paid once in a session opens the plan that the session sold") {
  Leaving site;
  CHECK(site.tell(site.paid(true, "book")) == "book until 2028-01-15T08:00:00Z");
  CHECK(site.order() == 200);
  json odd = site.paid(true, "book");
  odd["data"]["object"]["metadata"]["actiond_plan"] = "none";
  odd["data"]["object"]["payment_intent"] = "pi_2";
  CHECK(site.tell(odd) == "no plan for once is none");
  odd["data"]["object"]["metadata"]["actiond_plan"] = 7;
  CHECK(site.tell(odd) == "no plan for once has the payment link ");
}

TEST_CASE("the portal is for a customer that a session of ours made, and for nobody's else") {
  Leaving site;
  // A link carries a reference and an address that its visitor can change.
  site.tell(site.paid(false));
  CHECK(site.press_portal() == "/actions/billing");
  std::string billing = site.get("/actions/billing", site.cookie, "text/html").body;
  CHECK(site.value_of("/actions/billing", "portal") == sold.portal);
  CHECK(billing.find("<form hidden method=\"post\" action=\"/actions/portal\"") !=
        std::string::npos);
  CHECK(site.sessions() == 0);
  site.tell(site.paid(true));
  billing = site.get("/actions/billing", site.cookie, "text/html").body;
  CHECK(site.value_of("/actions/billing", "portal") == "");
  CHECK(billing.find("<form method=\"post\" action=\"/actions/portal\"") != std::string::npos);
  const std::string way = site.press_portal();
  CHECK(site.asks() == "customer=cus_1&return_url=https%3A%2F%2Fexample.com%2Factions%2Fbilling");
  CHECK(site.press_portal() == way);
  site.answer("https://billing.stripe.com/p/session/1");
  CHECK(test::header(site.get(way, site.cookie, "text/html"), "Location") ==
        "https://billing.stripe.com/p/session/1");
  site.now += portal_life;
  const std::string later = site.press_portal();
  CHECK(later != way);
  site.refuse();
  CHECK(site.value_of(later, "link") == sold.portal);
  // The next payment of the account is of the same customer.
  site.press("book");
  CHECK(site.asks().find("&customer=cus_1&") != std::string::npos);
  CHECK(site.asks().find("customer_email") == std::string::npos);
  // Another account's press never has it.
  site.cookie = site.sign_up("bo@example.com");
  CHECK(site.press_portal() == "/actions/billing");
  site.now += seconds(1);
  site.press("book");
  CHECK(site.asks().find("customer_email=bo%40example.com") != std::string::npos);
}

TEST_CASE("without the customer that Stripe lost, billing has the login link, and one pays anew") {
  Leaving site;
  site.tell(site.paid(true));
  const std::string way = site.press_portal();
  site.change([&](Transaction& tx) {
    const auto taken = *take_session(tx, site.now);
    disown_customer(tx, taken);
    mark_refused(tx, taken, "400 resource_missing customer", site.now);
  });
  CHECK(site.get(way, site.cookie, "text/html").body.find("Nothing was paid") != std::string::npos);
  CHECK(site.press_portal() == "/actions/billing");
  CHECK(site.value_of("/actions/billing", "managed") == "");
  CHECK(site.value_of("/actions/billing", "portal") == sold.portal);
  CHECK(site.press() != way);
  CHECK(site.asks().find("&customer_email=ada%40example.com&") != std::string::npos);
  CHECK(site.asks().find("&customer=") == std::string::npos);
}

TEST_CASE("a way that leads where no setting does is never shown") {
  Leaving site;
  const std::string way = site.press();
  site.answer("https://evil.example/secret");
  for (const std::string accept : {"text/html", "application/json", "text/plain"}) {
    const Response refused = site.get(way, site.cookie, accept);
    CHECK(refused.status() == 500);
    CHECK(test::header(refused, "Location") == "");
    CHECK(refused.body.find("evil.example") == std::string::npos);
    CHECK(refused.record.reason.find("/secret") == std::string::npos);
  }
}

TEST_CASE("an account that presses again and again is told to wait") {
  Leaving site;
  for (int press = 0; press < 20; ++press) {
    site.press();
    site.refuse();
  }
  const Response enough = site.post("upgrade", {{"plan", "team"}}, site.cookie);
  CHECK(enough.status() == 429);
  CHECK(test::header(enough, "Retry-After") == "600");
  CHECK(site.sessions() == 20);
}

TEST_CASE("without the page, or without a key, the links are the way") {
  PaymentSettings without_page = asking(), without_key = asking();
  without_page.has_session_page = false;
  without_key.asks = false;
  for (const PaymentSettings& settings : {without_page, without_key}) {
    Leaving site(settings);
    CHECK(site.press().starts_with("https://buy.stripe.com/team?"));
    site.tell(site.paid(true));
    CHECK(site.press_portal() == "/actions/billing");
    CHECK(site.sessions() == 0);
  }
}

TEST_CASE("the ways of an account go with it") {
  Leaving site;
  site.press();
  site.answer();
  site.change([](Transaction& tx) { delete_account(tx, 1); });
  CHECK(site.sessions() == 0);
}

}  // namespace
}  // namespace actiond
