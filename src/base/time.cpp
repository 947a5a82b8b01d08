#include "base/time.h"

#include <fmt/chrono.h>

#include <cstdio>
#include <ctime>

namespace actiond {

std::string to_rfc3339(Time time) {
  // Not gmtime(time): that counts nanoseconds, which overflow in 2262.
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time_t{time.time_since_epoch().count()}));
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

}  // namespace actiond
