// The moment from which an operator wants to know.
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace actiond {

// A date, "2027-01-31", from its first second (UTC); a time, "2027-01-31T12:00:00Z"; or a span back
// from `now`, a whole number of s, m, h, d or w: "2h".
std::optional<Time> from_since(std::string_view text, Time now);

}  // namespace actiond
