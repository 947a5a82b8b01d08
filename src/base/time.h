// Points in time, to the second.  Core has no clock of its own: it is told.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace actiond {

using Time = std::chrono::sys_seconds;

// An access that nobody has to renew.
constexpr Time forever = Time(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31));

// "2027-01-31T00:00:00Z", RFC 3339 in UTC.
std::string to_rfc3339(Time time);
// Also takes a date alone, "2027-01-31", which means the last second of that day.
std::optional<Time> from_rfc3339(std::string_view text);

}  // namespace actiond
