// Points in time, to the second, and days of the Gregorian calendar.  Nothing here has a clock: the
// time is told.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace actiond {

using Time = std::chrono::sys_seconds;
using Date = std::chrono::year_month_day;

// An access that nobody has to renew.
constexpr Time forever = Time(std::chrono::sys_days(std::chrono::year(9999) / 12 / 31));

// "2027-01-31T00:00:00Z", RFC 3339 in UTC.
std::string to_rfc3339(Time time);
// "2027-01-31 12:00", in UTC.
std::string to_minute(Time time);
// Also takes a date alone, "2027-01-31", which means the last second of that day.
std::optional<Time> from_rfc3339(std::string_view text);

// "2027-01-31", the full-date of RFC 3339: the years are 0000 to 9999.  Throws std::logic_error for
// a date that is none of these, such as one that was never set.
std::string to_rfc3339(Date date);
std::optional<Date> date_from_rfc3339(std::string_view text);

}  // namespace actiond
