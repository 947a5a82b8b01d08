// The counters of the pool, in memory that its processes share.  A worker can write its own cell
// and nothing else (`confine_to`).  One that was taken over can write anything there, so no number
// of it leads out of the memory, and the supervisor keeps for itself which cell is whose: what it
// finds in a cell concerns the worker that it gave the cell to.
//
// The supervisor makes it before it forks, and it outlives each of them: a worker that dies takes
// no count along, and a supervisor that executes itself again hands the descriptor on.  Workers
// add, each in a cell of its own, without a lock; whoever asks sums up.  What is read may be a
// moment old, never torn.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "http/progress.h"

namespace actiond {

using SteadyTime = std::chrono::steady_clock::time_point;
using Counter = std::atomic<std::uint64_t>;
static_assert(Counter::is_always_lock_free, "processes share them");

inline void add(Counter& counter, std::uint64_t more = 1) {
  counter.fetch_add(more, std::memory_order_relaxed);
}
inline std::uint64_t value_of(const Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}

// Statuses and reasons are counted by these lists alone, so that their number is bounded.  The
// first stands for all that is not in it.
constexpr std::array<int, 18> counted_statuses{0,   200, 303, 304, 400, 401, 402, 403, 404,
                                               405, 409, 411, 413, 415, 422, 429, 500, 503};
std::size_t status_index(int status);

enum class Reason {
  None,  // it was done
  NotSignedIn,
  WrongToken,  // also one that is for other actions
  NoAccess,
  NotPermitted,
  CrossSite,
  InvalidFields,
  TooManyTries,
  Malformed,
  TooLarge,
  WrongType,
  NoAction,
  WrongMethod,
  Conflict,
  Busy,
  Failed,
  Other,
};
constexpr std::array<std::string_view, 17> reason_names{
    "none",           "not_signed_in",  "wrong_token", "no_access", "not_permitted", "cross_site",
    "invalid_fields", "too_many_tries", "malformed",   "too_large", "wrong_type",    "no_action",
    "wrong_method",   "conflict",       "busy",        "failed",    "other"};
// `text` is what the log says.
Reason reason_of(int status, std::string_view text);

// Upper ends in microseconds; what is longer is counted behind them.
constexpr std::array<std::uint64_t, 18> duration_ends{
    50,     100,     250,     500,     1000,      2500,      5000,      10'000,     25'000,
    50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000};
constexpr std::array<std::uint64_t, 9> batch_ends{1, 2, 4, 8, 16, 32, 64, 128, 256};

template <std::size_t Ends>
struct Histogram {
  std::array<Counter, Ends + 1> counts;
  Counter sum;

  void note(std::uint64_t value, const std::array<std::uint64_t, Ends>& ends) {
    std::size_t at = 0;
    while (at < Ends && value > ends[at]) ++at;
    add(counts[at]);
    add(sum, value);
  }
};
using Durations = Histogram<duration_ends.size()>;
using Batches = Histogram<batch_ends.size()>;

struct ActionCell {
  std::array<Counter, counted_statuses.size()> statuses;
  Durations durations;
};

// The present work of one thread.
struct alignas(64) ThreadCell {
  enum Doing : std::uint32_t { Nothing, AtWriteLock, FirstPhase };  // FirstPhase + Phase

  std::atomic<std::uint32_t> sequence;  // odd while it changes
  std::atomic<std::uint32_t> doing;
  std::atomic<std::uint32_t> action;
  std::atomic<std::int64_t> begun;  // its request, in nanoseconds of CLOCK_MONOTONIC
  std::atomic<std::int64_t> since;  // the phase
  std::array<Counter, 8> id;        // of the request, filled up with NUL
};

constexpr std::size_t max_counted_actions = 64;
constexpr std::size_t max_threads = 256;
// Twice as many as may be set, and what drains besides.
constexpr std::size_t max_worker_cells = 256;

enum class WorkerState : std::uint32_t { Starting, Ready, Draining };
constexpr std::array<std::string_view, 3> worker_state_names{"starting", "ready", "draining"};
constexpr std::string_view to_text(WorkerState state) {
  return worker_state_names[static_cast<std::size_t>(state)];
}

// Begins a page of memory, so that it can be all that a worker may write.
constexpr std::size_t page_bytes = 4096;
struct alignas(page_bytes) WorkerCell {
  std::atomic<pid_t> pid;  // for the status; 0: nobody's; -1: of one that is about to be
  std::atomic<WorkerState> state;
  Counter generation;
  std::atomic<bool> is_of_last;       // generation that is left: the supervisor says so
  std::atomic<std::int64_t> started;  // as ThreadCell::begun
  Counter threads;
  Counter connections;
  Counter most_busy;   // threads at a time
  Counter answered;    // by this process: the counts below are also those of its forerunners
  Counter with_token;  // requests that came with one, be it right or wrong

  alignas(64) std::array<ActionCell, max_counted_actions> actions;
  std::array<Counter, reason_names.size()> reasons;

  alignas(64) Counter queued;  // now, before the write lock
  Batches batches;
  Durations lock_waits;
  Durations writes;
  Durations syncs;
  // Of a server alone: waits for its answers, and works that it made run again.
  Counter flights, reruns;

  std::array<ThreadCell, max_threads> thread;
};

// Sums over all cells at the end of a minute; history.h knows what each number is.
constexpr std::size_t totals_words = 71;
using TotalsWords = std::array<std::uint64_t, totals_words>;
constexpr std::size_t kept_minutes = 61;

// Why a worker is no more.
enum class Ending { Exit, Signal, Memory, MaxRequests, RequestTimeout, DeviceFailure, Reload };
constexpr std::array<std::string_view, 7> ending_names{
    "exit", "signal", "memory", "max_requests", "request_timeout", "device_failure", "reload"};

struct CountedAction {
  std::string name;
  std::string level;
};

// One thread's cell, read whole.
struct ThreadNow {
  std::size_t number;
  std::uint32_t doing;
  std::size_t action;  // an index of `Counters::actions`
  std::string id;
  SteadyTime begun;
  SteadyTime since;

  std::string_view text() const;  // "write lock", "check"
};

struct LastReload {
  std::chrono::sys_seconds time;
  bool done;
  std::string reason;  // why not
};

class Counters {
 public:
  // Zeros, in memory of its own.  Throws std::system_error when there is none.
  explicit Counters(std::span<const CountedAction> actions);
  // The memory behind a descriptor that this process was given, with `actions` that are new added.
  // Nothing when a program that counts otherwise made it, or they are too many.
  static std::optional<Counters> inherit(Descriptor descriptor,
                                         std::span<const CountedAction> actions);
  Counters(Counters&& other) noexcept;
  Counters& operator=(Counters&&) = delete;
  ~Counters();

  // Close-on-exec, until whoever wants to hand it on changes that.
  int descriptor() const { return descriptor_.get(); }

  // The first is "(other)".
  std::vector<CountedAction> actions() const;
  // 0 when it is not counted by its own name.
  std::size_t action_index(std::string_view name) const;

  // For the supervisor: the generation of the workers that it starts; a free cell before the fork,
  // and that it is nobody's again.  The last cell is shared by all for whom there is none.
  std::uint64_t begin_generation();
  WorkerCell& take_cell(std::uint64_t generation);
  void give_back(WorkerCell& cell);
  // A cell by its number, across execve(2); nothing when there is none of that number in inherited
  // memory.
  std::size_t number_of(const WorkerCell& cell) const;
  WorkerCell* take_over(std::size_t number);

  // For a child of the supervisor: leaves this process nothing that it can write but `cell`, if it
  // has one, and the lost lines.  The log has a warning when that cannot be done.
  void confine_to(const WorkerCell* cell);
  void note_ending(Ending ending);
  void note_reload(bool done, std::string_view reason);
  void note_totals(const TotalsWords& words);

  // Lines of the log that could not be written, of all processes.
  Counter& lost_log_lines() const;

  // All that were ever used.
  std::span<const WorkerCell> cells() const;
  std::uint64_t endings(Ending ending) const;
  std::optional<LastReload> last_reload() const;
  // Of the last `kept_minutes` at most, the oldest first.
  std::vector<TotalsWords> noted_totals() const;
  std::chrono::sys_seconds made() const;

 private:
  struct Layout;
  Counters(Descriptor descriptor, Layout* layout)
      : descriptor_(std::move(descriptor)), layout_(layout) {}
  static void* map(const Descriptor& memory);
  std::size_t count_actions() const;
  bool add_actions(std::span<const CountedAction> actions);

  Descriptor descriptor_;
  Layout* layout_;
  std::array<bool, max_worker_cells> is_taken_{};  // the supervisor's own knowledge
};

// The threads of a worker that are at work.
std::vector<ThreadNow> busy_threads(const WorkerCell& cell);

}  // namespace actiond
