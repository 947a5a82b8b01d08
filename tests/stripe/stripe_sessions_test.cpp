// The ways to Stripe that the courier has made: one for each press, whatever happens to it.
#include "stripe/stripe_sessions.h"

#include <doctest/doctest.h>

#include "store/sweep.h"
#include "stripe/shop.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using test::moment;
using test::StripeServer;

const std::string address = "https://checkout.stripe.com/c/pay/cs_test_1#fid=x%2F";

json made(const std::string& url = address) {
  return {{"id", "cs_test_1"}, {"object", "checkout.session"}, {"livemode", false}, {"url", url}};
}

struct Leaving : test::Shop {
  StripeSessions sessions{database, api, settings, [this] { return wall; }};

  std::optional<std::string> press(const std::string& plan = "team",
                                   const std::string& asks = "mode=subscription") {
    std::optional<std::string> id;
    write([&](Transaction& tx) { id = order_session(tx, {1, plan, asks}, wall); });
    return id;
  }
  std::optional<StripeSession> seen(const std::string& id, std::int64_t user = 1) {
    return find_session(database.reader(), id, user, wall);
  }
  // In the words of its page.
  std::string state(const std::string& id) {
    const auto session = seen(id);
    if (!session) return "gone";
    if (!session->address.empty()) return session->address;
    return session->is_waiting ? "waiting" : "failed";
  }
  std::string reason() { return count_lost_sessions(database.reader(), wall).reason; }
  std::optional<OrderedSession> take() {
    std::optional<OrderedSession> taken;
    write([&](Transaction& tx) { taken = take_session(tx, wall); });
    return taken;
  }
};

TEST_CASE("a session is ordered by the id of its row, once, and its address is its visitor's") {
  Leaving shop;
  shop.server.say(200, made().dump());
  const std::string id = *shop.press();
  CHECK(shop.state(id) == "waiting");
  CHECK(shop.sessions.round(shop.steady));
  CHECK_FALSE(shop.sessions.round(shop.steady));
  REQUIRE(shop.server.requests.size() == 1);
  const httplib::Request& request = shop.server.requests[0];
  CHECK(request.method == "POST");
  CHECK(request.target == "/v1/checkout/sessions");
  CHECK(request.body == "mode=subscription");
  CHECK(request.get_header_value("Idempotency-Key") == id);
  CHECK(request.get_header_value("Authorization") == "Bearer rk_test_1");
  CHECK(request.get_header_value("Stripe-Version") == "2026-10-28.endive");
  CHECK(request.get_header_value("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(shop.state(id) == address);
  CHECK_FALSE(shop.seen(id, 2));
  CHECK_FALSE(shop.seen("x"));
  CHECK(shop.database.reader().row<std::string>("SELECT asks FROM stripe_sessions") ==
        std::tuple(""));
}

TEST_CASE("the portal is ordered elsewhere") {
  Leaving shop;
  json portal = made("https://billing.stripe.com/p/session/test_1");
  portal["object"] = "billing_portal.session";
  shop.server.say(200, portal.dump());
  const std::string id = *shop.press("");
  shop.sessions.round(shop.steady);
  CHECK(shop.server.requests.at(0).target == "/v1/billing_portal/sessions");
  CHECK(shop.state(id) == "https://billing.stripe.com/p/session/test_1");
}

TEST_CASE("a courier that is killed between the answer and the row asks again under its key") {
  Leaving shop;
  shop.server.say(200, made().dump());
  const std::string asks = "mode=subscription&customer=cus_1";
  const std::string id = *shop.press("team", asks);
  const auto taken = shop.take();
  REQUIRE(taken);
  shop.api.ask({"/v1/checkout/sessions", taken->asks, taken->id}, shop.steady);
  shop.pass(session_lease - moment);
  CHECK_FALSE(shop.sessions.round(shop.steady));
  CHECK(shop.state(id) == "waiting");
  shop.pass(moment);
  shop.sessions.round(shop.steady);
  REQUIRE(shop.server.requests.size() == 2);
  for (const httplib::Request& request : shop.server.requests) {
    CHECK(request.get_header_value("Idempotency-Key") == id);
    CHECK(request.body == asks);
  }
  CHECK(shop.state(id) == address);
  // The first one lives after all, and is late.
  shop.write([&](Transaction& tx) {
    keep_address(tx, *taken, "https://checkout.stripe.com/late");
    mark_failed(tx, *taken, "late", shop.wall);
    mark_refused(tx, *taken, "late", shop.wall);
    postpone(tx, *taken, shop.wall);
    note_own_customer(tx, "cus_1", 1);
    disown_customer(tx, *taken);
  });
  CHECK(find_own_customer(shop.database.reader(), 1) == "cus_1");
  CHECK(shop.state(id) == address);
  CHECK_FALSE(shop.take());
}

TEST_CASE("an answer that is no session of ours gives the visitor up at once") {
  struct Row {
    int status;
    std::string body, reason;
  };
  const std::string none = "the answer is no session, or leads elsewhere";
  json live = made(), other = made(), nowhere = made();
  live["livemode"] = true;
  other["object"] = "payment_link";
  nowhere["url"] = nullptr;
  std::vector<Row> rows{{402, R"({"error":{"type":"card_error"}})", "402 card_error"},
                        {400, R"({"error":{"code":"resource_missing"}})", "400 resource_missing"},
                        {403, R"({"error":{"message":"rk_test_1 may not"}})", "403"},
                        {404, "{}", "404"},
                        {302, "", "302"},
                        {200, "", none},
                        {200, "<html>", none},
                        {200, "[]", none},
                        {200, R"({"object":[1],"url":{},"livemode":false})", none},
                        {200, live.dump(), none},
                        {200, other.dump(), none},
                        {200, nowhere.dump(), none}};
  for (const std::string url :
       {"http://checkout.stripe.com/c", "https://evil.example/c", "//checkout.stripe.com/c",
        "https://checkout.stripe.com.evil.example/c", "https://checkout.stripe.com@evil.example/c",
        "https://evil.example\\\\@checkout.stripe.com/c", "https://checkout.stripe.com:444/c",
        "javascript:alert(1)", "/actions/billing", "", "https://checkout.stripe.com/c\r\nX: 1",
        "https://checkout.stripe.com/ c", "https://buy.stripe.com/other"})
    rows.push_back({200, made(url).dump(), none});
  rows.push_back({200, made("https://checkout.stripe.com/" + std::string(4096, 'a')).dump(), none});
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(row.body);
    Leaving shop;
    shop.server.say(row.status, row.body);
    const std::string id = *shop.press();
    shop.sessions.round(shop.steady);
    CHECK(shop.state(id) == "failed");
    CHECK(shop.reason() == row.reason);
    shop.pass(seconds(30));
    CHECK_FALSE(shop.sessions.round(shop.steady));
    CHECK(shop.server.asked() == 1);
    // The next press is another one.
    CHECK(*shop.press() != id);
  }
}

TEST_CASE("a customer whom Stripe does not have any more is named by no later press") {
  const auto missing = [](const std::string& parameter) {
    return json{{"error", {{"code", "resource_missing"}, {"param", parameter}}}}.dump();
  };
  struct Row {
    std::string asks, body;
    bool stays;
  };
  for (const Row& row :
       {Row{"customer=cus_1&return_url=x", missing("customer"), false},
        Row{"mode=payment&customer=cus_1", missing("customer"), false},
        Row{"customer=cus_1", missing("configuration"), true}, Row{"customer=cus_1", "{}", true},
        Row{"customer=cus_2", missing("customer"), true},
        Row{"customer_email=cus_1&x[customer]=cus_1", missing("customer"), true}}) {
    CAPTURE(row.asks);
    Leaving shop;
    shop.write([](Transaction& tx) {
      note_own_customer(tx, "cus_1", 1);
      tx.run(
          "INSERT INTO users (id, email, name, password_hash) VALUES (2, 'bo@example.com', '', "
          "'')");
      keep_customer(tx, "cus_2", 2);
      note_own_customer(tx, "cus_2", 2);
    });
    shop.server.say(400, row.body);
    const std::string id = *shop.press("", row.asks);
    shop.sessions.round(shop.steady);
    CHECK(shop.state(id) == "failed");
    CHECK(find_own_customer(shop.database.reader(), 1).has_value() == row.stays);
    CHECK(find_own_customer(shop.database.reader(), 2) == "cus_2");
    // A late event of that customer still finds the account.
    CHECK(find_customer(shop.database.reader(), "cus_1") == 1);
  }
}

TEST_CASE("what may be better a moment later is tried four times, under one key") {
  for (const int status : {500, 409}) {
    Leaving shop;
    shop.server.say(status, "{}");
    const std::string id = *shop.press();
    for (int second = 0; second < 30; ++second) {
      shop.sessions.round(shop.steady);
      shop.pass(moment);
    }
    CHECK(shop.server.asked() == 4);
    for (const auto& request : shop.server.requests)
      CHECK(request.get_header_value("Idempotency-Key") == id);
    CHECK(shop.state(id) == "failed");
    CHECK(shop.reason() == std::to_string(status));
  }
}

TEST_CASE("while Stripe is down nobody is refused, and a minute later nobody waits") {
  for (const int status : {429, 401, 502, 503, 504}) {
    Leaving shop;
    shop.server.say(status, "{}");
    const std::string id = *shop.press();
    shop.sessions.round(shop.steady);
    shop.sessions.round(shop.steady);
    CHECK(shop.server.asked() == 1);
    CHECK(shop.state(id) == "waiting");
    // It is back, and so is the visitor.
    shop.server.say(200, made().dump());
    shop.pass(seconds(10));
    shop.sessions.round(shop.steady);
    CHECK(shop.state(id) == address);
  }
  Leaving shop;
  const std::string id = *shop.press();
  shop.server.server.stop();
  for (int second = 0; second < 60; ++second) {
    CHECK(shop.state(id) == "waiting");
    CHECK(*shop.press() == id);
    shop.sessions.round(shop.steady);
    shop.pass(moment);
  }
  CHECK(shop.state(id) == "failed");
  CHECK_FALSE(has_due_session(shop.database.reader(), shop.wall));
  CHECK_FALSE(shop.take());
  CHECK(count_lost_sessions(shop.database.reader(), shop.wall).lost == 1);
  CHECK(*shop.press() != id);
}

TEST_CASE("a second press within its life goes the same way, and a plan has its own") {
  Leaving shop;
  shop.server.say(200, made().dump());
  const std::string id = *shop.press();
  CHECK(*shop.press("team", "changed") == id);
  shop.sessions.round(shop.steady);
  CHECK(*shop.press() == id);
  CHECK(*shop.press("book") != id);
  shop.pass(minutes(49));
  CHECK(*shop.press() == id);
  shop.pass(minutes(2));
  CHECK(*shop.press() != id);
  CHECK(shop.state(id) == address);
  shop.pass(minutes(9));
  CHECK(shop.state(id) == "gone");
  // The portal ends soon.
  json portal = made();
  portal["object"] = "billing_portal.session";
  shop.server.say(200, portal.dump());
  const std::string to_portal = *shop.press("");
  for (int round = 0; round < 3; ++round) shop.sessions.round(shop.steady);
  CHECK(shop.state(to_portal) == address);
  shop.pass(portal_life - session_patience);
  CHECK(*shop.press("") != to_portal);
  shop.pass(session_patience);
  CHECK(shop.state(to_portal) == "gone");
}

TEST_CASE("an account has twenty ways an hour, and each is swept away when it has ended") {
  Leaving shop;
  shop.server.say(400, "{}");
  for (int press = 0; press < 20; ++press) {
    REQUIRE(shop.press());
    shop.sessions.round(shop.steady);
  }
  CHECK_FALSE(shop.press());
  CHECK(shop.server.asked() == 20);
  shop.pass(checkout_life);
  shop.server.say(200, made().dump());
  const std::string id = *shop.press();
  shop.sessions.round(shop.steady);
  const auto rows = [&] {
    sweep(shop.database, shop.wall, {});
    return std::get<0>(
        *shop.database.reader().row<std::int64_t>("SELECT count(*) FROM stripe_sessions"));
  };
  shop.pass(checkout_life - moment);
  CHECK(rows() == 21);
  shop.pass(moment);
  CHECK(rows() == 20);  // those that were refused stay for a day
  shop.pass(days(1));
  CHECK(rows() == 0);
}

TEST_CASE("a clock that is set back leaves nobody waiting") {
  Leaving shop;
  shop.pass(minutes(90));
  const std::string id = *shop.press();
  shop.wall -= minutes(60);
  CHECK(shop.state(id) == "failed");
  CHECK_FALSE(has_due_session(shop.database.reader(), shop.wall));
  CHECK(*shop.press() != id);
}

}  // namespace
}  // namespace actiond
