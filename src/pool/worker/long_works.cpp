#include "pool/worker/long_works.h"

namespace actiond {
namespace {

// A longer line answers no more, only later.
constexpr std::chrono::seconds longest_wait(3);

}  // namespace

LongWorks::Turn LongWorks::begin(Guest& guest) {
  const MutexLock lock(mutex_);
  if (running_ < most_) {
    ++running_;
    return Turn::Now;
  }
  if (waiting_.size() * turn_time_ > longest_wait) return Turn::Never;
  waiting_.push_back({&guest, waiting_.size()});
  return Turn::Later;
}

Guest* LongWorks::end() {
  const MutexLock lock(mutex_);
  if (waiting_.empty()) {
    --running_;
    return nullptr;
  }
  const Waiting next = waiting_.front();
  waiting_.pop_front();
  turn_time_ = (std::chrono::steady_clock::now() - next.guest->trace.begun()) / (next.ahead + 1);
  return next.guest;
}

}  // namespace actiond
