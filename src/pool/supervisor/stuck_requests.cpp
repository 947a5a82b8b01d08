#include "pool/supervisor/stuck_requests.h"

#include <algorithm>
#include <utility>

namespace actiond {
namespace {

// A thread that waits for the write lock is held up by another one, and a body that does not come
// in time is given up by the worker itself.
bool can_be_stuck(const ThreadNow& thread) {
  return thread.doing >= ThreadCell::FirstPhase &&
         thread.doing != ThreadCell::FirstPhase + static_cast<std::uint32_t>(Phase::Body);
}

}  // namespace

std::optional<StuckRequest> StuckRequests::look(const Counters& counters,
                                                std::span<const Watched> workers, SteadyTime now) {
  const auto milliseconds_since = [now](SteadyTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - time);
  };
  const std::vector<Late> before = std::exchange(late_, {});
  std::optional<StuckRequest> longest;
  for (const auto& [pid, cell] : workers) {
    for (const ThreadNow& thread : busy_threads(*cell)) {
      if (!can_be_stuck(thread) || now - thread.since <= limit_) continue;
      const Late late{pid, thread.number, thread.since};
      late_.push_back(late);
      if (std::find(before.begin(), before.end(), late) == before.end()) continue;
      const auto in_phase = milliseconds_since(thread.since);
      if (longest && longest->in_phase >= in_phase) continue;
      const auto actions = counters.actions();
      longest = {.pid = pid,
                 .id = thread.id,
                 .action = actions.at(thread.action < actions.size() ? thread.action : 0).name,
                 .phase = std::string(thread.text()),
                 .age = milliseconds_since(thread.begun),
                 .in_phase = in_phase};
    }
  }
  return longest;
}

}  // namespace actiond
