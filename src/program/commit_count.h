// Counts commits in the cell of this worker.
#pragma once

#include "data/engine.h"
#include "pool/status/counters.h"

namespace actiond {

class CommitCount final : public CommitWatch {
 public:
  explicit CommitCount(WorkerCell& cell) : cell_(cell) {}

  void note_queue(std::size_t works) override {
    cell_.queued.store(works, std::memory_order_relaxed);
  }
  void note_commit(const CommitReport& commit) override {
    cell_.batches.note(commit.batch, batch_ends);
    cell_.lock_waits.note(microseconds(commit.wait), duration_ends);
    cell_.writes.note(microseconds(commit.write), duration_ends);
    cell_.syncs.note(microseconds(commit.sync), duration_ends);
    if (commit.flights > 0) add(cell_.flights, commit.flights);
  }
  void note_rerun() override { add(cell_.reruns); }

 private:
  static std::uint64_t microseconds(CommitReport::Duration time) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
  }

  WorkerCell& cell_;
};

}  // namespace actiond
