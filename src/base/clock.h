// The clock that is injected: production gives the machine's, a test one that it sets.
#pragma once

#include <functional>

#include "base/time.h"

namespace actiond {

// May be called on any thread.
using WallClock = std::function<Time()>;

}  // namespace actiond
