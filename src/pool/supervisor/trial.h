// A trial run of the program that a reload would execute: whether it would start.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/descriptor.h"

namespace actiond {

// Executes `command`, whose first word is a path, in the place of this process.  Returns only when
// that cannot be done, with the reason in errno.
void execute(const std::vector<std::string>& command);

// Runs beside the supervisor, which must not wait for it.
class Trial {
 public:
  // Starts `command`, as `execute` does.
  explicit Trial(const std::vector<std::string>& command);
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  // Kills and reaps what still runs.
  ~Trial();

  pid_t pid() const { return pid_; }
  // Readable when it says something.
  int output() const { return output_.get(); }
  void read_output();
  // It takes longer than any start may.
  bool is_late() const { return std::chrono::steady_clock::now() > deadline_; }
  // Its last words, once it is gone.
  std::string last_words();
  void was_reaped() { pid_ = 0; }

 private:
  pid_t pid_ = 0;
  Descriptor output_;
  std::string said_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace actiond
