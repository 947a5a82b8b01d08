// Admission to work that takes long, such as hashing a password: so many at a time, and lines of
// waiting guests, one for each network.  The lines take turns, so that a network which asks for a
// thousand waits for itself, and others for one of its works at most.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

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
  // For the request that the guest has begun, sent from `network`.
  Turn begin(Guest& guest, const std::string& network) EXCLUDES(mutex_);
  // The next whose turn it is now, if one waits.
  Guest* end() EXCLUDES(mutex_);

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    Guest* guest;
    Clock::time_point since;
    std::uint64_t turns_before;  // that had been given when it came
  };

  const int most_;
  Mutex mutex_;
  int running_ GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::deque<Waiting>> lines_ GUARDED_BY(mutex_);  // none is empty
  std::string last_network_ GUARDED_BY(mutex_);
  std::uint64_t turns_ GUARDED_BY(mutex_) = 0;
  // As the request that had the last turn found it.
  Clock::duration turn_time_ GUARDED_BY(mutex_) = {};
};

}  // namespace actiond
