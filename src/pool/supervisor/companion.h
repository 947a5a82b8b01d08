// A program that runs beside the pool for as long as the supervisor does.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace actiond {

class Companion {
 public:
  using Clock = std::chrono::steady_clock;

  // `command` as in `execute` (trial.h); empty: there is none.
  explicit Companion(std::vector<std::string> command) : command_(std::move(command)) {}
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;

  // Starts it when it is due: a second after it ended, and at first at once.
  void look_after(Clock::time_point now);
  // True when it was this one that ended.
  bool reap(pid_t pid, int status, Clock::time_point now);
  void signal(int signal) const;
  // It is not started again.
  void stop();
  bool is_running() const { return pid_ > 0; }

 private:
  const std::vector<std::string> command_;
  pid_t pid_ = 0;
  bool stopping_ = false;
  Clock::time_point next_start_{};
};

}  // namespace actiond
