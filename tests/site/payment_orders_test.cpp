// Every order in which the events of a subscription's life may come, in the shapes of three
// versions of Stripe's API.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "site/with_payments.h"

namespace actiond {
namespace {

using nlohmann::json;
using std::chrono::days;
using test::sold;
using test::WithPayments;

enum class Version { V2024_06_20, V2025_03_31, V2026_10_28 };
constexpr std::array versions{Version::V2024_06_20, Version::V2025_03_31, Version::V2026_10_28};

// `event`, written as of 2024-06-20, as `version` has it.
json as_of(json event, Version version) {
  json& object = event["data"]["object"];
  if (version == Version::V2024_06_20) return event;
  if (object.contains("items"))
    for (const char* name : {"current_period_start", "current_period_end"}) {
      object["items"]["data"][0][name] = object[name];
      object.erase(name);
    }
  if (event["type"] == "invoice.paid") {
    object["parent"] = {{"type", "subscription_details"},
                        {"subscription_details", {{"subscription", object["subscription"]}}}};
    object.erase("subscription");
  }
  if (version == Version::V2026_10_28 && object["customer"].is_string())
    object["customer"] = {{"id", object["customer"]}};
  return event;
}

struct Lives : WithPayments {
  const Time start = now;
  const Time renewal = start + days(30);

  using WithPayments::WithPayments;

  // A state in the period that begins then.
  json state(const std::string& status, Time period) const {
    json one = subscription(status);
    one["current_period_start"] = period.time_since_epoch().count();
    one["current_period_end"] = (period + days(30)).time_since_epoch().count();
    return one;
  }
  json paid(Time period) {
    const auto until = (period + days(30)).time_since_epoch().count();
    return event("invoice.paid",
                 {{"id", "in_1"},
                  {"customer", "cus_1"},
                  {"subscription", "sub_1"},
                  {"period_end", period.time_since_epoch().count()},
                  {"lines", {{"data", {{{"period", {{"end", until}}}}}}}}},
                 period + std::chrono::hours(1));
  }
  std::vector<json> renewed() {
    return {event("customer.subscription.created", state("incomplete", start), start),
            event("customer.subscription.updated", state("active", start), start),
            checkout(reference()),
            paid(start),
            event("customer.subscription.updated", state("active", renewal), renewal),
            paid(renewal)};
  }
  std::vector<json> ended() {
    json end = state("canceled", renewal);
    end["ended_at"] = (renewal + days(3)).time_since_epoch().count();
    return {event("customer.subscription.created", state("incomplete", start), start),
            event("customer.subscription.updated", state("active", start), start),
            checkout(reference()),
            paid(start),
            event("customer.subscription.updated", state("past_due", renewal), renewal),
            event("customer.subscription.deleted", end, renewal + days(3))};
  }
  void forget() {
    change([](Transaction& tx) {
      for (const std::string table :
           {"webhook_events", "customers", "subscriptions", "paid_periods", "grants"})
        tx.run("DELETE FROM " + table);
    });
  }
};

// How many of the orders ended otherwise; of every `step`th, from that one on.
int wrong_orders(Lives& site, const std::vector<json>& life, const std::string& end, int first,
                 int step) {
  const std::string expected =
      fmt::format("paid stripe:sub_1 {0}; plan:team stripe:sub_1 {0}; ", end);
  std::vector<std::size_t> order(life.size());
  std::iota(order.begin(), order.end(), 0);
  int wrong = 0, turn = 0;
  do {
    if (turn++ % step != first) continue;
    site.forget();
    for (const std::size_t next : order) site.tell(life[next]);
    if (site.grants() != expected) ++wrong;
  } while (std::ranges::next_permutation(order).found);
  CHECK(turn == (life.size() == 6 ? 720 : 120));
  return wrong;
}

struct Row {
  std::string about;
  PaidBy paid_by;
  std::vector<json> (Lives::*life)();
  std::optional<std::size_t> lost;
  std::string end;
  int step;  // 3: each order in one of the versions; else some of them in each
};

TEST_CASE("all 720 orders of six events of one life end in the same grants") {
  for (const Row& row :
       {Row{"paid", PaidBy::Invoice, &Lives::renewed, {}, "2027-03-17T08:00:00Z", 3},
        Row{"not paid", PaidBy::Invoice, &Lives::renewed, 5, "2027-02-15T08:00:00Z", 3},
        Row{"renewed", PaidBy::Subscription, &Lives::renewed, {}, "2027-03-17T08:00:00Z", 31},
        Row{"not told", PaidBy::Subscription, &Lives::renewed, 5, "2027-03-17T08:00:00Z", 31},
        Row{"ended", PaidBy::Invoice, &Lives::ended, {}, "2027-02-17T08:00:00Z", 7},
        Row{"ended", PaidBy::Subscription, &Lives::ended, {}, "2027-02-17T08:00:00Z", 7}}) {
    CAPTURE(row.about);
    PaymentSettings settings = sold;
    settings.paid_by = row.paid_by;
    Lives site(settings);
    // On a server each event costs several round trips.
    const int step = test::is_on_postgres() ? 37 : row.step;
    for (const Version version : versions) {
      std::vector<json> life = (site.*row.life)();
      for (json& event : life) event = as_of(std::move(event), version);
      if (row.lost) life.erase(life.begin() + static_cast<std::ptrdiff_t>(*row.lost));
      CHECK(wrong_orders(site, life, row.end, static_cast<int>(version), step) == 0);
    }
  }
}

}  // namespace
}  // namespace actiond
