// A circuit breaker: while a relay is down, one mail now and then finds out whether it is back, and
// the others lose no try.
#pragma once

#include <chrono>

namespace actiond {

class Breaker {
 public:
  using Clock = std::chrono::steady_clock;

  bool is_open(Clock::time_point now) const { return now < open_until_; }
  // One try is to be made before others are.
  bool is_tripped() const { return failures_ > 0; }

  // Opens it for 5 seconds, and for twice as long each further time, up to 5 minutes.
  void trip(Clock::time_point now);
  void reset() { *this = Breaker(); }

 private:
  int failures_ = 0;
  Clock::time_point open_until_{};
};

}  // namespace actiond
