// A gate: a test waits for a condition, never for a length of time.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace actiond::test {

// Asks until `is_so`, or until `limit` has passed; returns whether it is so.  The limit is for what
// never comes: a machine that is busy with other things takes less.
inline bool eventually(const std::function<bool()>& is_so,
                       std::chrono::milliseconds limit = std::chrono::minutes(2)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace actiond::test
