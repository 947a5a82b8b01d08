// Requests that a thread has been at for too long, found in what the threads show.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pool/status/counters.h"

namespace actiond {

struct StuckRequest {
  pid_t pid;
  std::string id;
  std::string action;
  std::string phase;
  std::chrono::milliseconds age;       // since it came
  std::chrono::milliseconds in_phase;  // what is counted: it may have waited before
};

// A worker, and the cell that its supervisor gave to it.
struct Watched {
  pid_t pid;
  const WorkerCell* cell;
};

class StuckRequests {
 public:
  explicit StuckRequests(std::chrono::milliseconds limit) : limit_(limit) {}

  // The one that its thread has been at the longest, if it was above the limit at the look before
  // as well: when everything stood still, everything gets the time between two looks to go on.
  std::optional<StuckRequest> look(const Counters& counters, std::span<const Watched> workers,
                                   SteadyTime now);
  void forget() { late_.clear(); }

 private:
  struct Late {
    pid_t pid;
    std::size_t thread;
    SteadyTime since;

    bool operator==(const Late&) const = default;
  };

  std::chrono::milliseconds limit_;
  std::vector<Late> late_;
};

}  // namespace actiond
