// The ends of a subscription's states, and the orders in which its events may come.
#include "payment/subscription.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace actiond {
namespace {

using std::chrono::days;
using std::chrono::seconds;

const Time start(seconds(1'800'000'000));
const Time period_end = start + days(30);

Subscription told(const std::string& status, Time at, const std::string& by,
                  Subscription::As as = Subscription::As::Updated) {
  Subscription one{.status = status, .id = "sub_1"};
  one.prices = "price_1";
  one.period_start = start;
  one.period_end = period_end;
  one.told_at = at;
  one.told_by = by;
  one.told_as = as;
  one.said = {{"status", "\"" + status + "\""}};
  return one;
}

Subscription with(Subscription one, const std::string& before) {
  one.before = {{"status", "\"" + before + "\""}};
  return one;
}

TEST_CASE("each state opens a plan until the moment that the table says") {
  const PaymentSettings settings;
  const auto until = [&](const Subscription& one) { return open_until(one, {}, settings); };
  Subscription trial = told("trialing", start, "a");
  trial.trial_end = start + days(14);
  CHECK(until(trial) == start + days(14));
  trial.cancel_at = start + days(3);
  CHECK(until(trial) == start + days(3));
  Subscription active = told("active", start, "a");
  CHECK(until(active) == period_end + days(1));
  active.cancel_at = period_end;
  CHECK(until(active) == period_end);
  active.cancel_at = period_end + days(300);
  CHECK(until(active) == period_end + days(1));
  CHECK(until(told("past_due", start, "a")) == start + days(7));
  CHECK(until(told("unpaid", start, "a")) == start);
  CHECK_FALSE(until(told("incomplete", start, "a")));
  CHECK_FALSE(until(told("incomplete_expired", start, "a")));
  Subscription ended = told("canceled", start, "a");
  ended.ended_at = start + days(5);
  CHECK(until(ended) == start + days(5));
  CHECK_FALSE(is_known_status("dunning"));
}

TEST_CASE("a renewal that fails means what the settings say") {
  PaymentSettings settings{.past_due = PastDue::End};
  CHECK(open_until(told("past_due", start, "a"), {}, settings) == start);
  settings.past_due = PastDue::Keep;
  CHECK(open_until(told("past_due", start, "a"), {}, settings) == period_end + days(1));
  settings = {.past_due_days = days(3)};
  CHECK(open_until(told("past_due", start, "a"), {}, settings) == start + days(3));
}

TEST_CASE(
    "where an invoice alone tells of a payment, a period that none paid is open for the grace") {
  const PaymentSettings settings{.paid_by = PaidBy::Invoice};
  struct Row {
    std::string status;
    std::optional<Time> paid_until, open;
  };
  for (const Row& row :
       {Row{"active", {}, start + days(1)}, Row{"active", start, start + days(1)},
        Row{"active", start - days(30), start + days(1)},
        Row{"active", period_end, period_end + days(1)},
        Row{"active", period_end + days(30), period_end + days(1)},
        // The price was changed to one of longer periods.
        Row{"active", start + days(10), start + days(11)}, Row{"past_due", start, start + days(7)},
        Row{"unpaid", period_end, start}, Row{"incomplete", period_end, {}}}) {
    CAPTURE(row.status);
    CHECK(open_until(told(row.status, start, "a"), row.paid_until, settings) == row.open);
    if (row.status == "active")
      CHECK(open_until(told(row.status, start, "a"), row.paid_until, {}) == period_end + days(1));
  }
  Subscription ending = told("active", start, "a");
  ending.cancel_at = start + days(5);
  CHECK(open_until(ending, period_end, settings) == start + days(5));
  CHECK(open_until(ending, {}, settings) == start + days(1));
}

// The life of a subscription: two events of its first second, a renewal that fails, and its end.
std::vector<Subscription> life() {
  std::vector<Subscription> events{
      told("incomplete", start, "1", Subscription::As::Created),
      with(told("active", start, "2"), "incomplete"),
      told("active", start + days(2), "3"),
      with(told("past_due", start + days(30), "4"), "active"),
      with(told("active", start + days(31), "5"), "past_due"),
      told("canceled", start + days(31), "6", Subscription::As::Deleted)};
  events.back().ended_at = start + days(31);
  return events;
}

TEST_CASE("all orders of a life's events, doubled ones too, have the same end") {
  auto events = life();
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  int orders = 0;
  do {
    Subscription known = events[order[0]];
    for (const std::size_t next : order) known = merged(known, events[next]);
    for (const std::size_t again : order) known = merged(known, events[again]);
    CHECK(known.told_by == "6");
    CHECK_FALSE(known.is_unsure);
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  CHECK(orders == 720);
}

TEST_CASE("any part of a life has the end of its last event, in every order") {
  const auto events = life();
  for (std::size_t lost = 0; lost < events.size(); ++lost) {
    std::vector<std::size_t> order;
    for (std::size_t at = 0; at < events.size(); ++at)
      if (at != lost) order.push_back(at);
    const std::string last = lost == 5 ? "5" : "6";
    do {
      Subscription known = events[order[0]];
      for (const std::size_t next : order) known = merged(known, events[next]);
      CHECK(known.told_by == last);
    } while (std::ranges::next_permutation(order).found);
  }
}

TEST_CASE("of two events of one second, the one that tells what was before is the later") {
  const auto first = with(told("past_due", start, "x"), "active");
  const auto second = with(told("active", start, "a"), "past_due");
  // Each leads to the other: nobody knows.
  CHECK_FALSE(comes_after(first, second));
  const auto canceling = [] {
    auto one = told("active", start, "b");
    one.said["cancel_at"] = "1";
    one.before = {{"cancel_at", "null"}};
    return one;
  }();
  auto plain = told("active", start, "c");
  plain.said["cancel_at"] = "null";
  CHECK(comes_after(plain, canceling) == true);
  CHECK(comes_after(canceling, plain) == false);
  for (const auto& [known, next] : {std::pair(first, second), std::pair(second, first)}) {
    const Subscription kept = merged(known, next);
    CHECK(kept.told_by == "x");
    CHECK(kept.is_unsure);
  }
}

// Cancelled, then unpaid by two steps, all within one second: the ids run the other way.
std::vector<Subscription> second_of_three() {
  const auto make = [](const std::string& status, const std::string& by,
                       const std::string& paused) {
    auto one = told(status, start, by);
    one.said["cancel_at_period_end"] = "true";
    one.said["pause_collection"] = paused;
    return one;
  };
  std::vector<Subscription> events{make("active", "c", "null"), make("past_due", "b", "null"),
                                   make("unpaid", "a", "{}")};
  events[0].before = {{"cancel_at_period_end", "false"}};
  events[1].before = {{"status", "\"active\""}};
  events[2].before = {{"status", "\"past_due\""}, {"pause_collection", "null"}};
  return events;
}

TEST_CASE("three events of one second have one end, in every order and come twice") {
  const auto events = second_of_three();
  std::vector<std::size_t> order{0, 1, 2};
  do {
    Subscription known = events[order[0]];
    for (const std::size_t next : order) known = merged(known, events[next]);
    for (const std::size_t again : order) known = merged(known, events[again]);
    CHECK(known.told_by == "a");
    CHECK(known.status == "unpaid");
    CHECK_FALSE(known.is_unsure);
    CHECK(known.others.size() == 2);
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("the event between two that nobody can order tells which is the last") {
  const auto events = second_of_three();
  for (const auto& [known, next] : {std::pair(0, 2), std::pair(2, 0)}) {
    Subscription kept = merged(events[known], events[next]);
    CHECK(kept.told_by == "c");
    CHECK(kept.is_unsure);
    kept = merged(kept, events[1]);
    CHECK(kept.told_by == "a");
    CHECK_FALSE(kept.is_unsure);
    // An event of a later second leaves nothing of it.
    kept = merged(kept, told("active", start + seconds(1), "d"));
    CHECK(kept.others.empty());
    CHECK_FALSE(kept.is_unsure);
  }
}

}  // namespace
}  // namespace actiond
