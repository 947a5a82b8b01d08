// What a process has taken of the machine, as proc(5) tells.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace actiond {

struct ProcessFacts {
  double cpu_seconds;  // user and system
  std::uint64_t resident_bytes;
};

// Nothing when it is gone, or not to be seen (ProtectProc= of systemd).
std::optional<ProcessFacts> facts_of(pid_t pid);

}  // namespace actiond
