// The process that tells how the pool is: apart from the workers, which may all be busy, and from
// the supervisor, which must not wait for whoever asks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pool/status/counters.h"
#include "pool/status/snapshot.h"
#include "pool/worker/worker.h"

namespace actiond {

// Facts that the program gives to the pool.
struct StatusSources {
  std::string version = {};
  std::vector<CountedAction> actions = {};
  std::function<PoolSurroundings()> look = [] { return PoolSurroundings(); };
  Opens opens = Opens::Nothing;  // by `look`
};

// Answers /-/status, in the three forms of the contract, and /-/metrics.
Service status_service(const Counters& counters, const StatusSources& sources);

// Runs it as `run_worker` does, on a socket of its own.
int run_status(int listening, const Counters& counters, const StatusSources& sources,
               const std::function<void()>& ready);

}  // namespace actiond
