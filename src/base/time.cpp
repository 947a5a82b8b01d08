#include "base/time.h"

#include <fmt/chrono.h>

#include <ctime>
#include <stdexcept>

namespace actiond {
namespace {

constexpr std::size_t date_size = 10;  // "2027-01-31"

constexpr std::size_t seconds_size = 4;  // ":59Z"
constexpr Time first_time{std::chrono::sys_days(std::chrono::year(0) / 1 / 1)};

void write_digits(std::string& text, std::size_t at, std::size_t count, std::int64_t number) {
  for (; count > 0; number /= 10) text[at + --count] = static_cast<char>('0' + number % 10);
}

// The number that `count` digits say; -1 where something else is among them.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int number = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::string to_rfc3339(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  // Not gmtime(time): that counts nanoseconds, which overflow in 2262.
  if (time < first_time || time > forever)
    return fmt::format("{:%FT%TZ}", fmt::gmtime(std::time_t{time.time_since_epoch().count()}));
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  // By hand: a list has one in each row, and strftime takes five times as long.
  std::string text = "0000-00-00T00:00:00Z";
  write_digits(text, 0, 4, int(date.year()));
  write_digits(text, 5, 2, unsigned(date.month()));
  write_digits(text, 8, 2, unsigned(date.day()));
  write_digits(text, 11, 2, clock.hours().count());
  write_digits(text, 14, 2, clock.minutes().count());
  write_digits(text, 17, 2, clock.seconds().count());
  return text;
}

std::string to_minute(Time time) {
  std::string text = to_rfc3339(time);
  text.resize(text.size() - seconds_size);
  text[text.find('T')] = ' ';
  return text;
}

std::optional<Time> from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto date = date_from_rfc3339(text.substr(0, date_size));
  if (!date) return std::nullopt;
  const Time day{sys_days(*date)};
  if (text.size() == date_size) return day + hours(23) + minutes(59) + seconds(59);
  const bool is_time =
      text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z';
  if (!is_time) return std::nullopt;
  const int h = digits(text, 11, 2), min = digits(text, 14, 2), s = digits(text, 17, 2);
  if (h < 0 || h > 23 || min < 0 || min > 59 || s < 0 || s > 59) return std::nullopt;
  return day + hours(h) + minutes(min) + seconds(s);
}

std::string to_rfc3339(Date date) {
  if (!date.ok() || date.year() < std::chrono::year(0) || date.year() > std::chrono::year(9999))
    throw std::logic_error("a date is written that RFC 3339 has no text for");
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()));
}

std::optional<Date> date_from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != date_size || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int y = digits(text, 0, 4), m = digits(text, 5, 2), d = digits(text, 8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const Date date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace actiond
