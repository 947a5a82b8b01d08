// A site that sells plans, and whose courier asks a Stripe of its own.
#pragma once

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "payment/effect.h"
#include "payment/fetch_rows.h"
#include "store/grants.h"
#include "store/tables.h"
#include "stripe/stripe_api.h"
#include "stripe/stripe_server.h"

namespace actiond::test {

using nlohmann::json;
using std::chrono::days;
using std::chrono::seconds;

inline std::int64_t to_number(Time time) { return time.time_since_epoch().count(); }

struct Shop : test::Tables {
  StripeServer server{now};
  Time wall = now;
  StripeApi::Clock::time_point steady{};
  PaymentSettings settings{.secrets = {"whsec_a"},
                           .asks = true,
                           .is_live = false,
                           .plans = {{.name = "team", .prices = {"price_1"}},
                                     {.name = "book", .prices = {"plink_1"}, .once = days(0)}}};
  StripeApi api{{server.origin(), folder / "key", false}, [this] { return wall; }};

  Shop() {
    test::write_file(folder / "key", "rk_test_1");
    chmod((folder / "key").c_str(), 0600);
    write([](Transaction& tx) {
      tx.run(
          "INSERT INTO users (id, email, name, password_hash) "
          "VALUES (1, 'ada@example.com', '', '')");
      keep_customer(tx, "cus_1", 1);
    });
  }

  json subscription(const std::string& status, Time end = now + days(30)) const {
    return {{"id", "sub_1"},
            {"object", "subscription"},
            {"customer", "cus_1"},
            {"status", status},
            {"livemode", false},
            {"items",
             {{"data",
               {{{"price", {{"id", "price_1"}}},
                 {"current_period_start", to_number(now)},
                 {"current_period_end", to_number(end)}}}}}}};
  }
  void order(const std::string& object) {
    write([&](Transaction& tx) { order_fetch(tx, object, "evt_1", wall); });
  }
  void pass(seconds time) {
    wall += time;
    server.wall = wall;
    steady += time;
  }
  std::int64_t waiting() { return count_fetches(database.reader()).waiting; }
  std::string reason() {
    const auto row = database.reader().row<std::string>("SELECT reason FROM stripe_fetches");
    return row ? std::get<0>(*row) : "";
  }
  std::string grants() {
    std::string text;
    for (const SourcedGrant& grant : list_grants(database.reader(), 1))
      text += fmt::format("{} {}; ", grant.name, to_rfc3339(grant.until).substr(0, 10));
    return text;
  }
  std::string audited() {
    std::string text;
    for (const auto& [by, outcome] : database.reader().rows<std::string, std::string>(
             "SELECT request_id, outcome FROM audit ORDER BY id"))
      text += fmt::format("{} {}; ", by, outcome);
    return text;
  }
  // As the action does when an event comes.
  std::string tell(const json& event) {
    std::string outcome;
    write([&](Transaction& tx) {
      const auto read = read_stripe_event(event.dump(), settings);
      Effect effect(settings, *read, wall, tx);
      outcome = effect.apply();
      if (!effect.unclear().empty()) order_fetch(tx, effect.unclear(), read->id, wall);
    });
    return outcome;
  }
  json updated(const json& object, const std::string& id = "evt_1") const {
    return {{"id", id},
            {"object", "event"},
            {"type", "customer.subscription.updated"},
            {"created", to_number(wall)},
            {"livemode", false},
            {"data", {{"object", object}}}};
  }
};

}  // namespace actiond::test
