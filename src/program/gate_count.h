// Counts passages of the write gate in the cell of this worker.
#pragma once

#include "pool/status/counters.h"
#include "sqlite/gate_watch.h"

namespace actiond {

class GateCount final : public GateWatch {
 public:
  explicit GateCount(WorkerCell& cell) : cell_(cell) {}

  void note_queue(std::size_t works) override {
    cell_.queued.store(works, std::memory_order_relaxed);
  }
  void note_passage(const GatePassage& passage) override {
    cell_.batches.note(passage.batch, batch_ends);
    cell_.gate_waits.note(microseconds(passage.wait), duration_ends);
    cell_.writes.note(microseconds(passage.write), duration_ends);
    cell_.syncs.note(microseconds(passage.sync), duration_ends);
  }

 private:
  static std::uint64_t microseconds(GatePassage::Duration time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
  }

  WorkerCell& cell_;
};

}  // namespace actiond
