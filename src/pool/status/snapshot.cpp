#include "pool/status/snapshot.h"

#include <algorithm>

namespace actiond {
namespace {

std::uint64_t between(const ActionNow& action, int from, int to) {
  std::uint64_t all = 0;
  for (std::size_t at = 0; at < counted_statuses.size(); ++at)
    if (counted_statuses[at] >= from && counted_statuses[at] < to) all += action.statuses[at];
  return all;
}

void add_cell(Snapshot& snapshot, const WorkerCell& cell) {
  for (std::size_t at = 0; at < snapshot.actions.size(); ++at) {
    const ActionCell& action = cell.actions[at];
    ActionNow& sum = snapshot.actions[at];
    for (std::size_t status = 0; status < sum.statuses.size(); ++status)
      sum.statuses[status] += value_of(action.statuses[status]);
    sum.durations.add(action.durations);
  }
  for (std::size_t at = 0; at < snapshot.reasons.size(); ++at)
    snapshot.reasons[at] += value_of(cell.reasons[at]);
  snapshot.with_token += value_of(cell.with_token);
  snapshot.writes.queued += value_of(cell.queued);
  snapshot.writes.batches.add(cell.batches);
  snapshot.writes.waits.add(cell.lock_waits);
  snapshot.writes.writes.add(cell.writes);
  snapshot.writes.syncs.add(cell.syncs);
  snapshot.writes.flights += value_of(cell.flights);
  snapshot.writes.reruns += value_of(cell.reruns);
}

WorkerNow look_at(const WorkerCell& cell, std::size_t number, SteadyTime now) {
  const SteadyTime started{SteadyTime::duration(cell.started)};
  return {.cell = number,
          .pid = cell.pid,
          .state = std::min(cell.state.load(), WorkerState::Draining),
          .generation = value_of(cell.generation),
          .age = std::chrono::duration_cast<std::chrono::seconds>(now - started),
          .threads = value_of(cell.threads),
          .most_busy = value_of(cell.most_busy),
          .connections = value_of(cell.connections),
          .queued = value_of(cell.queued),
          .requests = value_of(cell.answered),
          .busy = busy_threads(cell),
          .process = facts_of(cell.pid)};
}

}  // namespace

std::uint64_t ActionNow::refusals() const { return between(*this, 400, 500); }
std::uint64_t ActionNow::failures() const { return between(*this, 500, 600); }

// A thread may be at one that is newer than the names that were read.
std::string_view Snapshot::action_name(std::size_t index) const {
  return actions[index < actions.size() ? index : 0].action.name;
}

std::uint64_t Snapshot::threads() const {
  std::uint64_t all = 0;
  for (const WorkerNow& worker : workers) all += worker.threads;
  return all;
}

std::uint64_t Snapshot::busy_threads() const {
  std::uint64_t all = 0;
  for (const WorkerNow& worker : workers) all += worker.busy.size();
  return all;
}

std::uint64_t Snapshot::connections() const {
  std::uint64_t all = 0;
  for (const WorkerNow& worker : workers) all += worker.connections;
  return all;
}

Snapshot take_snapshot(const Counters& counters, std::string version, PoolSurroundings around) {
  Snapshot snapshot{
      .time = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()),
      .steady_time = std::chrono::steady_clock::now(),
      .version = std::move(version),
      .counted_since = counters.made(),
      .lost_log_lines = value_of(counters.lost_log_lines()),
      .reload = counters.last_reload(),
      .around = std::move(around),
      .totals = totals_of(counters),
      .hour = last_hour(counters)};
  for (CountedAction& action : counters.actions())
    snapshot.actions.push_back({.action = std::move(action)});
  const auto cells = counters.cells();
  for (std::size_t at = 0; at < cells.size(); ++at) {
    add_cell(snapshot, cells[at]);
    if (cells[at].pid > 0) snapshot.workers.push_back(look_at(cells[at], at, snapshot.steady_time));
  }
  for (std::size_t at = 0; at < snapshot.endings.size(); ++at)
    snapshot.endings[at] = counters.endings(static_cast<Ending>(at));
  return snapshot;
}

}  // namespace actiond
