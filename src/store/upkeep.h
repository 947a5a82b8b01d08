// A pool does four things by itself, again and again: it writes when sessions were last used,
// removes rows that count no longer, takes messages into the index of their words, and notes itself
// among the hosts.
#pragma once

#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/thread_annotations.h"
#include "store/hosts.h"
#include "store/inbox.h"
#include "store/seen.h"

namespace actiond {

class Upkeep {
 public:
  // All but `clock` must outlive this.
  Upkeep(Store& store, Seen& seen, WallClock clock, std::vector<FormLife> lives = {})
      : store_(store), seen_(seen), clock_(std::move(clock)), lives_(std::move(lives)) {}
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;
  ~Upkeep() { end(); }

  // Once, now.  What cannot be done is done the next time.
  void run() noexcept;
  // `every` so often from now on, in a thread of its own, which notes `host` at once, when it
  // `is_alone` (hosts.h), and as often as it should, and indexes messages each second.
  void run_again_and_again(std::chrono::seconds every, const Host& host,
                           std::function<bool()> is_alone);
  // Ends the thread, when there is one, whose commit may have answered visitors.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  void wait_and_run(std::chrono::seconds every, const Host& host,
                    const std::function<bool()>& is_alone);
  void note(const Host& host, bool is_alone) noexcept;
  void index() noexcept;

  Store& store_;
  Seen& seen_;
  const WallClock clock_;
  const std::vector<FormLife> lives_;
  Mutex mutex_;
  Condition ending_;
  bool ends_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace actiond
