// The last hour by minutes.  Whoever answers counts on as ever; the supervisor notes once a minute
// where the counters stand, and what happened in between is the difference.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "pool/status/counters.h"
#include "pool/status/sums.h"

namespace actiond {

struct Totals {
  std::chrono::sys_seconds time{};
  DurationSum durations = {};  // of all requests
  std::array<std::uint64_t, reason_names.size()> refusals{};
  BatchSum batches = {};   // actions of a commit
  DurationSum waits = {};  // for the write lock, or for a connection to the server
  std::uint64_t flights = 0, reruns = 0;

  std::uint64_t refused() const;
};

// A part of the last hour: `time` is its end, the rest what happened in it.
struct Interval : Totals {
  std::chrono::seconds took{};

  double per_second(std::uint64_t number) const;
};

Totals totals_of(const Counters& counters);
// Notes the totals when a minute has begun since the last ones.  For the supervisor.
void note_minute(Counters& counters);
// Whole minutes, the oldest first, and at the end the one that is not over.
std::vector<Interval> last_hour(const Counters& counters);

}  // namespace actiond
