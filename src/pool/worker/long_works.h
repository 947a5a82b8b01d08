// Admission to slow work, such as hashing a password: so many at a time, and a line of waiting
// guests.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "base/thread_annotations.h"
#include "pool/worker/guest.h"

namespace actiond {

class LongWorks {
 public:
  explicit LongWorks(int most_at_once) : most_(most_at_once) {}

  enum class Turn {
    Now,
    Later,  // `end` of another one says when
    Never,  // too many are before it
  };
  // For the request that the guest has begun.
  Turn begin(Guest& guest) EXCLUDES(mutex_);
  // The next whose turn it is now, if one waits.
  Guest* end() EXCLUDES(mutex_);

 private:
  struct Waiting {
    Guest* guest;
    std::size_t ahead;  // of it when it came
  };

  const int most_;
  Mutex mutex_;
  int running_ GUARDED_BY(mutex_) = 0;
  std::deque<Waiting> waiting_ GUARDED_BY(mutex_);
  // As the request that had the last turn found it.
  std::chrono::steady_clock::duration turn_time_ GUARDED_BY(mutex_) = {};
};

}  // namespace actiond
