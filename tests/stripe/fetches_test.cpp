// An object that is fetched takes effect as an event does, once, whatever happens to the courier.
#include "stripe/fetches.h"

#include <doctest/doctest.h>

#include "payment/reference.h"
#include "stripe/shop.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using test::moment;
using test::now;
using test::StripeServer;
using test::to_number;

struct Fetching : test::Shop {
  Fetches fetches{database, api, settings, [this] { return wall; }};

  // Stripe is asked for `object`, which it has as `has`, when it is due.
  void fetch(const json& has, const std::string& object = "sub_1") {
    order(object);
    server.say(200, has.dump());
    pass(fetch_waits);
    fetches.round(steady);
  }
};

const std::string open_grants = "paid 2023-12-15; plan:team 2023-12-15; ";

TEST_CASE("a thin event is kept, its object is fetched ten seconds later, and opens the plan") {
  Fetching shop;
  CHECK(shop.tell({{"id", "evt_1"},
                   {"object", "v2.core.event"},
                   {"type", "v1.customer.subscription.updated"},
                   {"livemode", false},
                   {"created", "2023-11-14T22:13:20.000Z"},
                   {"related_object",
                    {{"id", "sub_1"},
                     {"type", "subscription"},
                     {"url", "https://evil.example/v1/subscriptions/sub_1"}}}}) ==
        "thin: Stripe is asked");
  shop.server.say(200, shop.subscription("active").dump());
  shop.pass(fetch_waits - moment);
  CHECK_FALSE(shop.fetches.round(shop.steady));
  CHECK(shop.server.asked() == 0);
  shop.pass(moment);
  CHECK(shop.fetches.round(shop.steady));
  CHECK_FALSE(shop.fetches.round(shop.steady));
  CHECK(shop.server.requests.at(0).target == "/v1/subscriptions/sub_1");
  CHECK(shop.grants() == open_grants);
  CHECK(shop.audited() == "fetch:req_1 stripe:sub_1: team until 2023-12-15T22:13:20Z; ");
  CHECK(find_subscription(shop.database.reader(), "sub_1")->told_by == "fetch:req_1");
  CHECK(shop.waiting() == 0);
}

TEST_CASE("an event that leaves something unclear has its object fetched") {
  Fetching shop;
  json odd = shop.subscription("active");
  odd["status"] = "dunning";
  CHECK(shop.tell(shop.updated(odd)) == "unknown status dunning");
  CHECK(shop.waiting() == 1);
  odd = shop.subscription("active");
  odd["items"]["data"][0].erase("current_period_end");
  CHECK(shop.tell(shop.updated(odd)) == "it says no period");
  odd["items"] = nullptr;
  CHECK(shop.tell(shop.updated(odd)) == "unknown price ");
  CHECK(shop.grants() == "");
  CHECK(shop.waiting() == 1);
  shop.server.say(200, shop.subscription("active").dump());
  shop.pass(fetch_waits);
  shop.fetches.round(shop.steady);
  CHECK(shop.grants() == open_grants);
}

TEST_CASE("two events of one second that nobody can tell apart are settled by asking") {
  Fetching shop;
  shop.tell(shop.updated(shop.subscription("active"), "evt_1"));
  CHECK(shop.waiting() == 0);
  shop.tell(shop.updated(shop.subscription("past_due"), "evt_2"));
  CHECK(find_subscription(shop.database.reader(), "sub_1")->is_unsure);
  shop.server.say(200, shop.subscription("past_due").dump());
  shop.pass(fetch_waits);
  shop.fetches.round(shop.steady);
  const auto known = find_subscription(shop.database.reader(), "sub_1");
  CHECK(known->status == "past_due");
  CHECK_FALSE(known->is_unsure);
  CHECK(shop.waiting() == 0);
}

TEST_CASE(
    "what is sold for others, or is no object of a kind that has an effect, is not asked for") {
  Fetching shop;
  json other = shop.subscription("active");
  other["items"]["data"][0]["price"]["id"] = "price_9";
  shop.tell(shop.updated(other));
  for (const char* id : {"cus_1", "", "sub_1/../x", "sub_1?x", "sub_ 1", "acct_1", "sub-1"})
    CHECK(shop.tell({{"id", "evt_9"},
                     {"object", "v2.core.event"},
                     {"type", "x"},
                     {"livemode", false},
                     {"related_object", {{"id", id}}}}) == "noted");
  CHECK_FALSE(is_fetchable("sub_" + std::string(252, 'x')));
  CHECK(shop.waiting() == 0);
}

TEST_CASE("what was fetched never goes back behind what is known, and a later event goes on") {
  Fetching shop;
  shop.fetch(shop.subscription("active"));
  CHECK(shop.grants() == open_grants);
  // Made before it was fetched, and late.
  json late = shop.updated(shop.subscription("past_due"), "evt_2");
  late["created"] = to_number(now);
  CHECK(shop.tell(late) == "older than what is known");
  shop.pass(moment);
  json ended = shop.subscription("canceled");
  ended["ended_at"] = to_number(shop.wall);
  shop.tell(shop.updated(ended, "evt_3"));
  shop.fetch(shop.subscription("active"));
  CHECK(find_subscription(shop.database.reader(), "sub_1")->status == "canceled");
}

TEST_CASE("checkouts, invoices, refunds and disputes are fetched as well") {
  Fetching shop;
  const std::string reference = reference_of(1, shop.settings);
  json checkout{{"id", "cs_1"},
                {"object", "checkout.session"},
                {"status", "complete"},
                {"created", to_number(now)},
                {"livemode", false},
                {"client_reference_id", reference},
                {"payment_intent", "pi_1"},
                {"payment_link", "plink_1"},
                {"payment_status", "paid"}};
  json open = checkout;
  open["status"] = "open";
  shop.fetch(open, "cs_1");
  CHECK(shop.grants() == "");
  json forged = checkout;
  forged["client_reference_id"] = "1-forged";
  shop.fetch(forged, "cs_1");
  CHECK(shop.grants() == "");
  CHECK(shop.reason() == "its reference is none of ours");
  shop.fetch(checkout, "cs_1");
  CHECK(shop.grants().find("plan:book") != std::string::npos);
  json charge{{"id", "ch_1"},
              {"object", "charge"},
              {"refunded", false},
              {"livemode", false},
              {"payment_intent", "pi_1"}};
  shop.fetch(charge, "ch_1");
  CHECK(shop.grants().find("plan:book") != std::string::npos);
  shop.fetch(
      {{"id", "dp_1"}, {"object", "dispute"}, {"livemode", false}, {"payment_intent", "pi_1"}},
      "dp_1");
  CHECK(shop.grants() == "");
  shop.fetch({{"id", "in_1"},
              {"object", "invoice"},
              {"status", "paid"},
              {"livemode", false},
              {"subscription", "sub_1"},
              {"lines", {{"data", {{{"period", {{"end", to_number(now)}}}}}}}}},
             "in_1");
  CHECK(find_paid_until(shop.database.reader(), "sub_1") == now);
  CHECK(shop.waiting() == 0);
}

TEST_CASE("an answer that is no such object changes nothing, and is asked for again later") {
  Fetching shop;
  json other = shop.subscription("active");
  other["id"] = "sub_2";
  const std::string good = shop.subscription("active").dump();
  std::string deep = good.substr(0, good.size() - 1) + R"(,"x":)";
  deep += std::string(200'000, '[') + std::string(200'000, ']') + "}";
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), other.dump(), deep,
        good.substr(0, good.size() - 1), good.substr(0, good.size() - 1) + R"(,"status":"active"})",
        std::string(R"({"object":"list","data":[]})")}) {
    shop.order("sub_1");
    shop.server.say(200, body);
    shop.pass(fetch_waits);
    shop.fetches.round(shop.steady);
    CHECK(shop.grants() == "");
    CHECK(shop.reason() == "the answer is not that object");
  }
  json of_live_mode = shop.subscription("active");
  of_live_mode["livemode"] = true;
  shop.fetch(of_live_mode);
  CHECK(shop.reason() == "of live mode, and this site is in test mode");
  shop.server.say(200, good);
  shop.pass(days(1));
  shop.fetches.round(shop.steady);
  CHECK(shop.grants() == open_grants);
}

TEST_CASE(
    "an object that fails waits longer each time, and three days at most; one that is gone, no "
    "more") {
  Fetching shop;
  shop.order("sub_1");
  shop.server.say(500, "");
  shop.pass(fetch_waits);
  shop.fetches.round(shop.steady);
  shop.pass(std::chrono::minutes(1) - moment);
  shop.fetches.round(shop.steady);
  CHECK(shop.server.asked() == 1);
  shop.pass(moment);
  shop.fetches.round(shop.steady);
  CHECK(shop.server.asked() == 2);
  CHECK(shop.reason() == "500");
  for (int day = 0; day < 4; ++day) {
    shop.pass(days(1));
    shop.fetches.round(shop.steady);
  }
  CHECK(shop.waiting() == 0);
  shop.order("sub_1");
  shop.server.say(404, "{}");
  shop.pass(fetch_waits);
  shop.fetches.round(shop.steady);
  CHECK(shop.waiting() == 0);
}

TEST_CASE("while Stripe is down no object loses a try, and one request finds out") {
  Fetching shop;
  for (const char* id : {"sub_1", "sub_2", "sub_3"}) shop.order(id);
  shop.server.say(429, "{}");
  shop.pass(fetch_waits);
  CHECK_FALSE(shop.fetches.round(shop.steady));
  CHECK_FALSE(shop.fetches.round(shop.steady));
  CHECK(shop.server.asked() == 1);
  shop.server.say([&](const httplib::Request& request) {
    json one = shop.subscription("active");
    one["id"] = request.path.substr(request.path.rfind('/') + 1);
    return StripeServer::Answer{200, one.dump()};
  });
  shop.pass(std::chrono::minutes(1));
  while (shop.fetches.round(shop.steady)) {
  }
  CHECK(shop.server.asked() == 4);
  CHECK(shop.waiting() == 0);
}

TEST_CASE("a courier that is killed between the answer and the row fetches it again") {
  Fetching shop;
  shop.order("sub_1");
  shop.pass(fetch_waits);
  // It took the row, and that was all.
  shop.write([&](Transaction& tx) { CHECK(take_fetch(tx, shop.wall)); });
  shop.server.say(200, shop.subscription("active").dump());
  CHECK_FALSE(shop.fetches.round(shop.steady));
  shop.pass(fetch_lease);
  shop.fetches.round(shop.steady);
  CHECK(shop.grants() == open_grants);
  CHECK(shop.audited().find(';') == shop.audited().rfind(';'));
}

TEST_CASE("a clock that was set back delays no fetch") {
  Fetching shop;
  shop.order("sub_1");
  shop.server.say(200, shop.subscription("active").dump());
  shop.wall -= days(30);
  shop.server.wall = shop.wall;
  shop.fetches.round(shop.steady);
  CHECK(shop.waiting() == 0);
}

TEST_CASE("two couriers fetch each object once, and an event meanwhile has it fetched again") {
  Fetching shop;
  Fetches second{shop.database, shop.api, shop.settings, [&] { return shop.wall; }};
  shop.order("sub_1");
  shop.pass(fetch_waits);
  shop.server.say([&](const httplib::Request&) {
    CHECK_FALSE(second.round(shop.steady));
    shop.order("sub_1");
    return StripeServer::Answer{200, shop.subscription("past_due").dump()};
  });
  shop.fetches.round(shop.steady);
  CHECK(shop.server.asked() == 1);
  CHECK_FALSE(find_subscription(shop.database.reader(), "sub_1"));
  CHECK(shop.waiting() == 1);
  shop.server.say(200, shop.subscription("active").dump());
  shop.pass(fetch_waits);
  second.round(shop.steady);
  CHECK(shop.grants() == open_grants);
}

}  // namespace
}  // namespace actiond
