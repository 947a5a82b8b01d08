// Child processes of a test, each in a group of its own so that what it leaves behind shows.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eventually.h"
#include "support.h"

namespace actiond::http {

using test::eventually;
using test::read_file;
using test::write_file;

class Process {
 public:
  // Starts `command`, found in PATH and /usr/sbin; what it writes is appended to the file `output`.
  Process(const std::vector<std::string>& command, const std::filesystem::path& output);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // Kills the whole group if it still runs.
  ~Process();

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int signal) const;
  // The exit status, 128 + N after signal N; nothing when it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::minutes(2));
  // Whether a process of the group is left, the first one included.
  bool leaves_some() const;

 private:
  void reap();

  pid_t pid_;
  std::optional<int> status_;
};

struct Outcome {
  int exit_code;
  std::string output;  // standard output and error

  bool says(std::string_view text) const { return output.find(text) != output.npos; }
};

// Runs `command` to its end with `input` as standard input.
Outcome run(const std::vector<std::string>& command, std::string_view input = "");

std::vector<pid_t> children_of(pid_t parent);

// User and system time so far, in ticks of the kernel's clock (sysconf(_SC_CLK_TCK)).
long cpu_ticks(pid_t pid);

// The most memory it has ever had resident.
long peak_kib(pid_t pid);

}  // namespace actiond::http
