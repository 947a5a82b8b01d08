// Leadership of a worker's threads: one thread at a time, the leader, runs the event loop and
// answers what comes, so that under load nobody has to be woken.  Before work that may wait it
// hands the leadership to another thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

#include "base/thread_annotations.h"
#include "pool/status/counters.h"

namespace actiond {

class Leadership {
 public:
  // Shows in `cell` how many threads were busy at a time.
  explicit Leadership(WorkerCell& cell) : cell_(cell) {}

  // Leads whenever no other thread does, one `round` after the other until it hands over.  Returns
  // after `end`.
  void take_turns(const std::function<void()>& round) EXCLUDES(mutex_);
  // Whether the calling thread is the leader.
  bool is_mine() const { return leader_ == std::this_thread::get_id(); }
  // The calling thread leads no longer.  Idempotent.
  void hand_over() EXCLUDES(mutex_);
  // The present round is the last one.
  void end() EXCLUDES(mutex_);

 private:
  WorkerCell& cell_;
  Mutex mutex_;
  Condition free_;
  std::uint64_t away_ GUARDED_BY(mutex_) = 0;  // threads that handed over and have not come back
  // Written under the mutex, read without it.  No thread's id: nobody leads.
  std::atomic<std::thread::id> leader_ = std::thread::id();
  std::atomic<bool> has_ended_ = false;
};

}  // namespace actiond
