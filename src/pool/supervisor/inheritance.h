// The inheritance of a reload: a supervisor that executes the new program in its own place leaves
// it open descriptors, and workers that serve until the new ones do.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace actiond {

struct InheritedWorker {
  pid_t pid;
  std::optional<std::size_t> cell;  // its number; the status process has none

  bool operator==(const InheritedWorker&) const = default;
};

struct Inheritance {
  int listening;
  bool is_systemds;  // systemd bound the socket, and removes it
  int lock;          // of the database's lock file, and locked
  std::array<int, 2> handover;
  int counters;          // their memory
  int status_listening;  // -1: there is none
  std::vector<InheritedWorker> workers;
};

// Lets whatever this process executes, or its children do, have it: its descriptors stay open over
// execve(2).
void bequeath(const Inheritance& inheritance);
// Takes that back: nothing more is left to anyone.
void disinherit(const Inheritance& inheritance);

// The inheritance of this process, left by the program that executed this one in the same process
// or in a child; nothing after a fresh start.  Marks its descriptors close-on-exec again.
std::optional<Inheritance> take_inheritance();

}  // namespace actiond
