#include "pool/status/history.h"

#include <algorithm>
#include <bit>

namespace actiond {
namespace {

static_assert(sizeof(Totals) == sizeof(TotalsWords));

std::chrono::sys_seconds this_second() {
  return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
}

Totals read(const TotalsWords& words) {
  auto totals = std::bit_cast<Totals>(words);
  totals.time = std::clamp(totals.time, std::chrono::sys_seconds(), this_second());
  return totals;
}

Interval difference_of(const Totals& before, const Totals& after) {
  Interval interval{after, std::max(after.time - before.time, std::chrono::seconds(1))};
  interval.durations = after.durations.since(before.durations);
  for (std::size_t at = 0; at < interval.refusals.size(); ++at)
    interval.refusals[at] = counted_since(after.refusals[at], before.refusals[at]);
  interval.batches = after.batches.since(before.batches);
  interval.waits = after.waits.since(before.waits);
  interval.flights = counted_since(after.flights, before.flights);
  interval.reruns = counted_since(after.reruns, before.reruns);
  return interval;
}

}  // namespace

std::uint64_t Totals::refused() const {
  std::uint64_t all = 0;
  for (const std::uint64_t each : refusals) all += each;
  return all;
}

double Interval::per_second(std::uint64_t number) const {
  return static_cast<double>(number) / static_cast<double>(took.count());
}

Totals totals_of(const Counters& counters) {
  Totals totals{.time = this_second()};
  const std::size_t actions = counters.actions().size();
  for (const WorkerCell& cell : counters.cells()) {
    for (std::size_t at = 0; at < actions; ++at) totals.durations.add(cell.actions[at].durations);
    for (std::size_t at = 0; at < totals.refusals.size(); ++at)
      totals.refusals[at] += value_of(cell.reasons[at]);
    totals.batches.add(cell.batches);
    totals.waits.add(cell.lock_waits);
    totals.flights += value_of(cell.flights);
    totals.reruns += value_of(cell.reruns);
  }
  return totals;
}

void note_minute(Counters& counters) {
  const auto minute_of = [](std::chrono::sys_seconds time) {
    return std::chrono::floor<std::chrono::minutes>(time);
  };
  const auto noted = counters.noted_totals();
  const auto last = noted.empty() ? counters.made() : read(noted.back()).time;
  if (minute_of(this_second()) != minute_of(last))
    counters.note_totals(std::bit_cast<TotalsWords>(totals_of(counters)));
}

std::vector<Interval> last_hour(const Counters& counters) {
  std::vector<Totals> moments;
  const auto noted = counters.noted_totals();
  if (noted.size() < kept_minutes) moments.push_back({.time = counters.made()});
  std::ranges::transform(noted, std::back_inserter(moments), read);
  moments.push_back(totals_of(counters));
  std::vector<Interval> spans;
  for (std::size_t at = 1; at < moments.size(); ++at)
    spans.push_back(difference_of(moments[at - 1], moments[at]));
  return spans;
}

}  // namespace actiond
