#include "base/time.h"

#include <fmt/chrono.h>

#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace actiond {

std::string to_rfc3339(Time time) {
  // Not gmtime(time): that counts nanoseconds, which overflow in 2262.
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time_t{time.time_since_epoch().count()}));
}

std::string to_minute(Time time) {
  return fmt::format("{:%F %H:%M}", fmt::gmtime(std::time_t{time.time_since_epoch().count()}));
}

std::optional<Time> from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  int y = 0;
  unsigned m = 0, d = 0, h = 23, min = 59, s = 59;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ", &y, &m, &d, &h, &min, &s) < 3)
    return std::nullopt;
  const year_month_day date{year(y), month(m), day(d)};
  if (!date.ok() || h > 23 || min > 59 || s > 59) return std::nullopt;
  const Time time = Time(sys_days(date)) + hours(h) + minutes(min) + seconds(s);
  // Written back it must be the same text: nothing was left over or read twice.
  const std::string whole = to_rfc3339(time);
  if (text != whole && text != std::string_view(whole).substr(0, 10)) return std::nullopt;
  return time;
}

std::string to_rfc3339(Date date) {
  if (!date.ok() || date.year() < std::chrono::year(0) || date.year() > std::chrono::year(9999))
    throw std::logic_error("a date is written that RFC 3339 has no text for");
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()));
}

std::optional<Date> date_from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto digits = [text](std::size_t at, std::size_t count) -> int {
    int number = 0;
    for (const char c : text.substr(at, count)) {
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    return number;
  };
  const int y = digits(0, 4), m = digits(5, 2), d = digits(8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const Date date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace actiond
