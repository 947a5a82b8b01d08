#include "pool/worker/leadership.h"

#include <algorithm>

namespace actiond {

void Leadership::take_turns(const std::function<void()>& round) {
  MutexLock lock(mutex_);
  while (true) {
    while (!has_ended_ && leader_ != std::thread::id()) free_.wait(mutex_);
    if (has_ended_) return;
    leader_ = std::this_thread::get_id();
    lock.unlock();
    while (is_mine() && !has_ended_) round();
    lock.lock();
    if (!is_mine()) --away_;
  }
}

void Leadership::hand_over() {
  if (!is_mine()) return;
  {
    const MutexLock lock(mutex_);
    leader_ = std::thread::id();
    // +1: the next leader counts as busy too.
    if (++away_ >= cell_.most_busy) cell_.most_busy = std::min(away_ + 1, value_of(cell_.threads));
  }
  free_.notify_one();
}

void Leadership::end() {
  const MutexLock lock(mutex_);
  has_ended_ = true;
  free_.notify_all();
}

}  // namespace actiond
