// What a supervisor leaves to the program that it executes in its own place when it is told to
// reload: open descriptors, and workers that serve until the new ones do.
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <vector>

namespace actiond {

struct Inheritance {
  int listening;
  bool is_systemds;  // systemd bound the socket, and removes it
  int lock;          // of the database's lock file, and locked
  std::array<int, 2> handover;
  int counters;          // their memory
  int status_listening;  // -1: there is none
  std::vector<pid_t> workers;
};

// Lets whatever this process executes, or its children do, have it: its
// descriptors stay open over execve(2).
void bequeath(const Inheritance& inheritance);
// Takes that back: nothing more is left to anyone.
void disinherit(const Inheritance& inheritance);

// What the process that executed this program left to it, as the same process or as a child of that
// one; nothing when it was started anew.  Its descriptors are closed by execve(2) again.
std::optional<Inheritance> take_inheritance();

}  // namespace actiond
