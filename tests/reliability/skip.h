// What cannot be tested on this machine is said, and shows in CTest as skipped: never as passed.
#pragma once

#include <string>

namespace actiond::reliability {

void skip(const std::string& reason);

// CTest's SKIP_RETURN_CODE.
constexpr int skipped = 77;

}  // namespace actiond::reliability
