// A test that this machine cannot run says so.  CTest then lists its file as skipped, not as
// passed.
#pragma once

#include <string>

namespace actiond::test {

void skip(const std::string& reason);

}  // namespace actiond::test
