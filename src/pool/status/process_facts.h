// The memory, files and time that a process uses, from proc(5).
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
