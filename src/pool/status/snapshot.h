// The counters, summed up at one moment in plain numbers.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pool/status/counters.h"
#include "pool/status/process_facts.h"

namespace actiond {

// Facts from outside the shared memory; nothing where one cannot be read.
struct KeyNow {
  std::string id;
  std::optional<std::chrono::sys_seconds> made;
};
struct MailNow {
  std::int64_t waiting = 0, parked = 0, dead = 0;
  std::optional<std::chrono::sys_seconds> oldest = {};  // of those that wait
};
struct StripeNow {
  std::int64_t waiting = 0;  // objects to fetch
  std::optional<std::chrono::sys_seconds> oldest = {};
  std::string report = {};  // of the last night; empty: there was none
};
struct PoolSurroundings {
  std::optional<std::uint64_t> database_bytes = {};
  std::optional<std::uint64_t> wal_bytes = {};
  std::vector<KeyNow> keys = {};  // the one that signs first
  std::optional<MailNow> mail = {};
  std::optional<StripeNow> stripe = {};  // where there is a key
};

template <std::size_t Ends>
struct HistogramSum {
  std::array<std::uint64_t, Ends + 1> counts{};
  std::uint64_t sum = 0;

  void add(const Histogram<Ends>& more) {
    for (std::size_t at = 0; at <= Ends; ++at) counts[at] += value_of(more.counts[at]);
    sum += value_of(more.sum);
  }
  std::uint64_t count() const {
    std::uint64_t all = 0;
    for (const std::uint64_t each : counts) all += each;
    return all;
  }
};
using DurationSum = HistogramSum<duration_ends.size()>;
using BatchSum = HistogramSum<batch_ends.size()>;

// Below which `part` of all lie, as if each bucket were evenly filled, in the unit of `ends`;
// nothing when there are none.  What lies behind the last end counts as that end.
template <std::size_t Ends>
std::optional<double> quantile(const HistogramSum<Ends>& of,
                               const std::array<std::uint64_t, Ends>& ends, double part) {
  const std::uint64_t all = of.count();
  if (all == 0) return std::nullopt;
  double left = part * static_cast<double>(all);
  for (std::size_t at = 0; at < Ends; ++at) {
    const auto here = static_cast<double>(of.counts[at]);
    if (here > 0 && left <= here) {
      const double from = at == 0 ? 0 : static_cast<double>(ends[at - 1]);
      return from + (static_cast<double>(ends[at]) - from) * left / here;
    }
    left -= here;
  }
  return static_cast<double>(ends.back());
}

// The end of the bucket in which that lies: of sizes, where between them is nothing.
template <std::size_t Ends>
std::optional<std::uint64_t> quantile_end(const HistogramSum<Ends>& of,
                                          const std::array<std::uint64_t, Ends>& ends,
                                          double part) {
  const auto all = static_cast<double>(of.count());
  if (all == 0) return std::nullopt;
  double below = 0;
  for (std::size_t at = 0; at < Ends; ++at) {
    below += static_cast<double>(of.counts[at]);
    if (below >= part * all) return ends[at];
  }
  return ends.back();
}

struct ActionNow {
  CountedAction action;
  std::array<std::uint64_t, counted_statuses.size()> statuses{};
  DurationSum durations = {};

  std::uint64_t refusals() const;  // 4xx
  std::uint64_t failures() const;  // 5xx
};

struct WorkerNow {
  std::size_t cell;
  pid_t pid;
  WorkerState state;
  std::uint64_t generation;
  std::chrono::seconds age;
  std::uint64_t threads;
  std::uint64_t most_busy;
  std::uint64_t connections;
  std::uint64_t queued;
  std::uint64_t requests;
  std::vector<ThreadNow> busy;
  std::optional<ProcessFacts> process = {};
};

struct WritesNow {
  std::uint64_t queued = 0;
  BatchSum batches = {};
  DurationSum waits = {};
  DurationSum writes = {};
  DurationSum syncs = {};
};

struct Snapshot {
  std::chrono::sys_seconds time;
  SteadyTime steady_time;
  std::string version;
  std::chrono::sys_seconds counted_since;
  std::vector<WorkerNow> workers = {};
  std::vector<ActionNow> actions = {};  // the first is "(other)"
  std::array<std::uint64_t, reason_names.size()> reasons{};
  std::uint64_t with_token = 0;
  WritesNow writes = {};
  std::array<std::uint64_t, ending_names.size()> endings{};
  std::uint64_t lost_log_lines = 0;
  std::optional<LastReload> reload = {};
  PoolSurroundings around = {};

  std::string_view action_name(std::size_t index) const;
  std::uint64_t threads() const;
  std::uint64_t busy_threads() const;
  std::uint64_t connections() const;
};

Snapshot take_snapshot(const Counters& counters, std::string version, PoolSurroundings around);

}  // namespace actiond
