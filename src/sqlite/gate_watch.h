// An observer of the write lock, for the counters.
#pragma once

#include <chrono>
#include <cstddef>

namespace actiond {

struct GatePassage {
  using Duration = std::chrono::steady_clock::duration;

  std::size_t batch;  // works that shared it
  Duration wait;      // for the gate
  Duration write;
  Duration sync;  // the commit, until it is on disk
};

// Called on several threads, and under locks: must neither throw nor take long.
class GateWatch {
 public:
  virtual ~GateWatch() = default;

  virtual void note_queue(std::size_t works) = 0;
  virtual void note_passage(const GatePassage& passage) = 0;
};

}  // namespace actiond
