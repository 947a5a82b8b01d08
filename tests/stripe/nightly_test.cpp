// Each night what Stripe says is compared with what is known, and the owner is told.
#include "stripe/nightly.h"

#include <doctest/doctest.h>

#include "store/outbox.h"
#include "stripe/shop.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using std::chrono::hours;
using test::now;
using test::StripeServer;
using test::to_number;

struct Night : test::Shop {
  std::vector<json> has;  // at Stripe, in the order of its list
  Nightly nightly = other_courier();

  Night() {
    server.say([this](const httplib::Request& request) { return answer(request); });
  }

  Nightly other_courier() {
    return {
        database, api, settings, {*Address::parse("owner@example.com")}, [this] { return wall; }};
  }
  json one(const std::string& id, const std::string& status = "active") const {
    json made = subscription(status);
    made["id"] = id;
    return made;
  }
  // Pages of two, of what is not cancelled.
  StripeServer::Answer answer(const httplib::Request& request) const {
    const std::string id = request.path.substr(request.path.rfind('/') + 1);
    if (id != "subscriptions") {
      for (const json& object : has)
        if (object["id"] == id) return {200, object.dump()};
      return {404, "{}"};
    }
    std::vector<json> living;
    for (const json& object : has)
      if (object["status"] != "canceled") living.push_back(object);
    std::size_t from = 0;
    const std::string after = request.get_param_value("starting_after");
    while (!after.empty() && from < living.size() && living[from++]["id"] != after) {
    }
    const std::size_t to = std::min(from + 2, living.size());
    const json page(std::vector<json>(living.begin() + static_cast<long>(from),
                                      living.begin() + static_cast<long>(to)));
    return {200, json{{"object", "list"}, {"data", page}, {"has_more", to < living.size()}}.dump()};
  }
  void compare() {
    while (nightly.round(steady)) {
    }
  }
  std::string report() {
    const auto last = find_last_night(database.reader());
    return last ? last->report : "";
  }
  // The lines of the mail that was ordered last.
  std::string mailed() {
    std::string lines;
    for (const OutboxEntry& entry : outbox(database.reader())) {
      CHECK(entry.text == "stripe-nightly");
      lines = find_unsent_mail(database.reader(), entry.id)->mail.values.at("lines");
    }
    return lines;
  }
};

TEST_CASE("the night begins at three o'clock in UTC") {
  const Time day = std::chrono::floor<days>(now);
  CHECK(night_before(day + hours(3)) == day + hours(3));
  CHECK(night_before(day + hours(3) - test::moment) == day - hours(21));
  CHECK(night_before(day + hours(27) - test::moment) == day + hours(3));
}

TEST_CASE("what no event told is mended, and the owner gets a line for each") {
  Night night;
  night.tell(night.updated(night.one("sub_1")));
  night.tell(night.updated(night.one("sub_2")));
  night.tell(night.updated(night.one("sub_3")));
  night.pass(hours(1));
  json ended = night.one("sub_2", "canceled");
  ended["ended_at"] = to_number(night.wall);
  json nobodys = night.one("sub_5");
  nobodys["customer"] = "cus_9";
  json others = night.one("sub_6");
  others["items"]["data"][0]["price"]["id"] = "price_9";
  night.has = {night.one("sub_1"), ended, night.one("sub_4"), nobodys, others};
  night.compare();
  CHECK(night.report() == "5 subscriptions looked at, 3 mended, 1 left");
  CHECK(night.mailed() ==
        "sub_4: team until 2023-12-15T22:13:20Z\n"
        "sub_5: kept: nobody knows yet whose it is\n"
        "sub_2: team until 2023-11-14T23:13:20Z\n"
        "sub_3: Stripe does not have it\n");
  CHECK(find_subscription(night.database.reader(), "sub_2")->status == "canceled");
  CHECK_FALSE(find_subscription(night.database.reader(), "sub_6"));
  CHECK(night.audited().find("nightly 5 subscriptions looked at") != std::string::npos);
  CHECK(night.audited().find("nightly:req_") != std::string::npos);
  // Those that were as they should be are as they were.
  CHECK(find_subscription(night.database.reader(), "sub_1")->told_by == "evt_1");
}

TEST_CASE("a night in which nothing differs is told in the log alone, and there is one a day") {
  Night night;
  night.tell(night.updated(night.one("sub_1")));
  night.has = {night.one("sub_1")};
  night.compare();
  CHECK(night.report() == "1 subscription looked at, 0 mended, 0 left");
  CHECK(night.server.asked() == 1);
  CHECK(outbox(night.database.reader()).empty());
  night.pass(hours(1));
  night.compare();
  CHECK(night.server.asked() == 1);
  night.pass(hours(24));
  night.compare();
  CHECK(night.server.asked() == 2);
  // As a restore does.
  night.write(forget_nights);
  night.pass(std::chrono::minutes(1));
  night.compare();
  CHECK(night.server.asked() == 3);
}

TEST_CASE("an event that came while Stripe was asked stays") {
  Night night;
  json ended = night.one("sub_1", "canceled");
  ended["ended_at"] = to_number(now);
  night.server.say([&](const httplib::Request& request) {
    night.tell(night.updated(ended));
    return night.answer(request);
  });
  night.has = {night.one("sub_1")};
  night.compare();
  CHECK(find_subscription(night.database.reader(), "sub_1")->status == "canceled");
  CHECK(night.report() == "1 subscription looked at, 0 mended, 0 left");
}

TEST_CASE("a courier that is killed at any page leaves the night to another one") {
  for (int pages = 1; pages < 5; ++pages) {
    CAPTURE(pages);
    Night night;
    for (const char* id : {"sub_1", "sub_2", "sub_3", "sub_4", "sub_5"})
      night.has.push_back(night.one(id));
    for (int page = 0; page < pages; ++page) night.nightly.round(night.steady);
    Nightly second = night.other_courier();
    CHECK_FALSE(second.round(night.steady));
    night.pass(night_lease + std::chrono::minutes(1));
    while (second.round(night.steady)) {
    }
    CHECK(night.report().starts_with("5 subscriptions looked at"));
    // The first one was not dead: it ends without effect.
    const std::string report = night.report();
    night.has.clear();
    night.compare();
    CHECK(night.report() == report);
    CHECK(living_subscriptions(night.database.reader()).size() == 5);
  }
}

TEST_CASE("while Stripe is down the night waits where it is; what fails five times is told") {
  Night night;
  night.has = {night.one("sub_1"), night.one("sub_2"), night.one("sub_3")};
  night.nightly.round(night.steady);
  night.server.say(503, "");
  night.compare();
  night.server.say([&](const httplib::Request& request) { return night.answer(request); });
  night.pass(std::chrono::seconds(5));
  night.compare();
  CHECK(night.report() == "3 subscriptions looked at, 3 mended, 0 left");

  night.server.say(403, R"({"error":{"code":"more_permissions_required"}})");
  night.pass(hours(24));
  const std::size_t before = night.server.asked();
  for (int minute = 0; minute < 7; ++minute) {
    night.compare();
    night.pass(std::chrono::minutes(1));
  }
  CHECK(night.server.asked() == before + 5);
  CHECK(night.report() ==
        "broken off (403 more_permissions_required): 0 subscriptions looked at, 0 mended, 0 left");
  CHECK(outbox(night.database.reader()).size() == 2);
}

TEST_CASE("a list that is none, or leads elsewhere, mends nothing") {
  for (const char* body :
       {"[]", "{}", R"({"object":"list","data":{}})",
        R"({"object":"list","data":[{"id":"../x","object":"subscription"}],"has_more":true})",
        R"({"object":"list","data":[],"data":[]})"}) {
    Night night;
    night.tell(night.updated(night.one("sub_1")));
    night.server.say(200, body);
    night.compare();
    CHECK(night.report() == "");
    CHECK(night.server.asked() == 1);
  }
}

}  // namespace
}  // namespace actiond
