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
#include "pool/status/history.h"
#include "pool/status/process_facts.h"
#include "pool/status/sums.h"

namespace actiond {

// Facts from outside the shared memory; nothing where one cannot be read.
struct KeyNow {
  std::string id;
  std::optional<std::chrono::sys_seconds> made;
  bool signs;  // the others verify, until its time comes as well
};
struct MailNow {
  std::int64_t waiting = 0, parked = 0, dead = 0;
  std::optional<std::chrono::sys_seconds> oldest = {};  // of those that wait
};
struct StripeNow {
  std::int64_t waiting = 0;  // objects to fetch
  std::optional<std::chrono::sys_seconds> oldest = {};
  std::string report = {};         // of the last night; empty: there was none
  std::int64_t lost_sessions = 0;  // of checkout and portal, that were never made
};
// A pool that serves the same site, as it noted itself.
struct HostNow {
  std::string name, socket, program;
  std::vector<std::string> keys;
  std::chrono::seconds clock_ahead, unseen;
  std::vector<std::string> differs = {};  // in words, from the others
};
struct PoolSurroundings {
  std::optional<std::uint64_t> database_bytes = {};
  std::optional<std::uint64_t> wal_bytes = {};
  std::vector<KeyNow> keys = {};
  std::optional<MailNow> mail = {};
  std::optional<StripeNow> stripe = {};  // where there is a key
  std::vector<HostNow> hosts = {};
};

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
  std::uint64_t flights = 0, reruns = 0;  // of a server alone
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
  Totals totals = {};
  std::vector<Interval> hour = {};

  std::string_view action_name(std::size_t index) const;
  std::uint64_t threads() const;
  std::uint64_t busy_threads() const;
  std::uint64_t connections() const;
};

Snapshot take_snapshot(const Counters& counters, std::string version, PoolSurroundings around);

}  // namespace actiond
