// What must hold for whatever libFuzzer makes up.
#pragma once

#include <cstdlib>
#include <iostream>

namespace actiond::fuzz {

inline void demand(bool holds, const char* what) {
  if (holds) return;
  std::cerr << what << '\n';
  std::abort();
}

}  // namespace actiond::fuzz
