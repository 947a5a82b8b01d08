// The last hour: minutes that are noted, and the pictures of them.
#include "pool/status/history.h"

#include <doctest/doctest.h>

#include <bit>

#include "pool/status/charts.h"
#include "pool/status/trace.h"

using namespace actiond;

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<CountedAction> counted_actions{{"me", "public"}};

std::chrono::sys_seconds now() {
  return std::chrono::time_point_cast<seconds>(std::chrono::system_clock::now());
}

// As if `ago` that had been all.
void note(Counters& counters, std::chrono::seconds ago, std::uint64_t requests) {
  Totals totals{.time = now() - ago};
  totals.durations.counts[3] = requests;
  totals.refusals[static_cast<std::size_t>(Reason::Busy)] = requests / 2;
  counters.note_totals(std::bit_cast<TotalsWords>(totals));
}

void answer(Counters& counters, std::uint64_t requests) {
  WorkerCell& cell = counters.take_cell(1);
  add(cell.actions[1].durations.counts[3], requests);
  add(cell.reasons[static_cast<std::size_t>(Reason::Busy)], requests / 2);
}

std::vector<std::uint64_t> requests_of(const std::vector<Interval>& hour) {
  std::vector<std::uint64_t> all;
  for (const Interval& interval : hour) all.push_back(interval.durations.count());
  return all;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Snapshot with(const std::vector<Interval>& hour) {
  Snapshot snapshot{.time = now(), .steady_time = {}, .version = "1", .counted_since = now()};
  snapshot.hour = hour;
  return snapshot;
}

}  // namespace

TEST_CASE("minutes are told by what happened in each, the running one at the end") {
  Counters counters(counted_actions);
  CHECK(requests_of(last_hour(counters)) == std::vector<std::uint64_t>{0});
  note(counters, minutes(2), 10);
  note(counters, minutes(1), 14);
  answer(counters, 100);
  const std::vector<Interval> hour = last_hour(counters);
  CHECK(requests_of(hour) == std::vector<std::uint64_t>{10, 4, 86});
  CHECK(hour[1].refused() == 2);
  CHECK(hour[1].took == minutes(1));
  CHECK(hour[1].per_second(120) == 2);
}

TEST_CASE("an hour is kept and no more, over a reload as well") {
  Counters counters(counted_actions);
  for (int minute = 100; minute > 0; --minute)
    note(counters, minutes(minute), static_cast<std::uint64_t>(1000 - minute));
  const auto after = Counters::inherit(Descriptor(dup(counters.descriptor())), counted_actions);
  REQUIRE(after);
  const std::vector<Interval> hour = last_hour(*after);
  CHECK(hour.size() == kept_minutes);
  CHECK(hour.front().durations.count() == 1);
  CHECK(hour.front().time == hour.back().time - minutes(60));
}

TEST_CASE("the supervisor notes when a minute has begun, once") {
  Counters counters(counted_actions);
  note(counters, minutes(1), 3);
  answer(counters, 7);
  note_minute(counters);
  CHECK(counters.noted_totals().size() == 2);
  const auto before = now();
  note_minute(counters);
  if (std::chrono::floor<minutes>(before) == std::chrono::floor<minutes>(now()))
    CHECK(counters.noted_totals().size() == 2);
}

TEST_CASE("a number that went back happened not at all") {
  Counters counters(counted_actions);
  note(counters, minutes(2), 10);
  note(counters, minutes(1), 4);
  CHECK(requests_of(last_hour(counters)) == std::vector<std::uint64_t>{10, 0, 0});
}

TEST_CASE("the pictures say in words and in a table what they show") {
  Counters counters(counted_actions);
  note(counters, minutes(2), 0);
  note(counters, minutes(1), 600);
  const std::string html = to_charts(with(last_hour(counters)));
  CHECK(holds(html, "<title id=\"chart1\">Requests a second</title>"));
  CHECK(holds(html, "<desc id=\"chart1-words\">At most 10 a second, 0 now.</desc>"));
  CHECK(holds(html, "<desc id=\"chart5-words\">Nothing in the last hour.</desc>"));
  CHECK(holds(html, "busy</text>"));
  CHECK(holds(html, "<td>600</td><td>0.375</td><td>0.49"));
  for (const char* forbidden : {"style=", "<script", "class=\"chart", "inf", "nan"})
    CHECK_FALSE(holds(html, forbidden));
}

TEST_CASE("on a server the pictures are of flights and reruns, without one of the write lock") {
  std::vector<Interval> hour = last_hour(Counters(counted_actions));
  CHECK(holds(to_charts(with(hour)), "Actions a commit"));
  CHECK_FALSE(holds(to_charts(with(hour)), "Flights"));
  hour[0].flights = 8;
  hour[0].batches.counts[0] = 2;
  const std::string html = to_charts(with(hour));
  CHECK(holds(html, "At most 4 flights, 4 now."));
  CHECK(holds(html, "Reruns a second"));
  CHECK_FALSE(holds(html, "write lock"));
}

TEST_CASE("whatever was counted, a picture stays within its frame") {
  std::vector<Interval> hour = last_hour(Counters(counted_actions));
  hour[0].durations.counts.fill(UINT64_MAX / 20);
  hour[0].refusals.fill(UINT64_MAX);
  hour[0].waits.counts.back() = UINT64_MAX;
  hour[0].batches.sum = UINT64_MAX;
  const std::string html = to_charts(with(hour));
  for (std::size_t at = html.find(" d=\"M"); at != html.npos; at = html.find(" d=\"M", at + 1)) {
    const std::string path = html.substr(at + 4, html.find('"', at + 4) - at - 4);
    CHECK_MESSAGE(path.find_first_not_of("MVHLhz0123456789. ") == path.npos, path);
  }
}
