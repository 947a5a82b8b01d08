#include "forms/measure.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/encoding.h"
#include "base/time.h"

namespace actiond {
namespace {

constexpr double ms_per_day = 86'400'000;

// Takes exactly `count` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
  const std::string_view digits = text.substr(0, count);
  if (digits.size() != count || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  int number = 0;
  std::from_chars(digits.data(), digits.data() + count, number);
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, std::string_view wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(wanted.size());
  return true;
}

// from_chars takes "inf", "nan" and "5." as well.
std::optional<double> read_float(std::string_view text) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (text.size() == first || (!is_digit(text[first]) && text[first] != '.')) return std::nullopt;
  const std::size_t dot = text.find('.');
  if (dot != text.npos && (dot + 1 == text.size() || !is_digit(text[dot + 1]))) return std::nullopt;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ptr != text.data() + text.size() || read.ec != std::errc()) return std::nullopt;
  return number;
}

std::optional<double> read_day(std::string_view text) {
  const auto date = date_from_rfc3339(text);
  if (!date || int(date->year()) < 1) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days(*date).time_since_epoch().count()) * ms_per_day;
}

std::optional<double> read_month(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || *year < 1 || !take(text, "-")) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12 || !text.empty()) return std::nullopt;
  return (*year - 1970) * 12 + *month - 1;
}

// ISO 8601: the first week of a year holds its 4 January.
std::optional<double> read_week(std::string_view text) {
  using namespace std::chrono;
  const auto monday_of_first_week = [](int of_year) {
    const sys_days day = year(of_year) / January / 4;
    return day - (weekday(day) - Monday);
  };
  const auto year = take_number(text, 4);
  if (!year || *year < 1 || !take(text, "-W")) return std::nullopt;
  const auto week = take_number(text, 2);
  if (!week || *week < 1 || !text.empty()) return std::nullopt;
  const sys_days monday = monday_of_first_week(*year) + days(7 * (*week - 1));
  if (monday >= monday_of_first_week(*year + 1)) return std::nullopt;
  return static_cast<double>(monday.time_since_epoch().count()) * ms_per_day;
}

// "09:30", "09:30:01", "09:30:01.5"
std::optional<double> read_time(std::string_view text) {
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ":")) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  double ms = (*hour * 60 + *minute) * 60'000.0;
  if (text.empty()) return ms;
  if (!take(text, ":")) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  ms += *second * 1000.0;
  if (text.empty()) return ms;
  if (!take(text, ".") || text.empty() || text.size() > 3) return std::nullopt;
  double unit = 100;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    ms += (c - '0') * unit;
    unit /= 10;
  }
  return ms;
}

std::optional<double> read_local_time(std::string_view text) {
  const auto day = read_day(text.substr(0, 10));
  if (!day || text.size() < 11 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const auto time = read_time(text.substr(11));
  return time ? std::optional(*day + *time) : std::nullopt;
}

constexpr std::array measures{
    Measure{"number", read_float, 1, 1, 0, "field.number", ""},
    Measure{"range", read_float, 1, 1, 0, "field.number", ""},
    Measure{"date", read_day, ms_per_day, 1, 0, "field.date", ""},
    Measure{"month", read_month, 1, 1, 0, "field.month", R"(^\d{4}-(0[1-9]|1[0-2])$)"},
    Measure{"week", read_week, 7 * ms_per_day, 1, -3 * ms_per_day, "field.week",
            R"(^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$)"},
    Measure{"time", read_time, 1000, 60, 0, "field.time",
            R"(^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$)"},
    Measure{"datetime-local", read_local_time, 1000, 60, 0, "field.local_time",
            R"(^\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$)"}};

}  // namespace

const Measure* find_measure(std::string_view type) {
  const auto found = std::ranges::find(measures, type, &Measure::type);
  return found == measures.end() ? nullptr : &*found;
}

bool is_on_step(double value, double base, double step) {
  const double distance = std::abs(value - base);
  // Beyond it no remainder can be told.
  if (distance / step > 9007199254740992.0) return true;
  const double remainder = std::abs(distance - step * std::round(distance / step));
  const double acceptable = step / 16777216.0;
  return remainder <= acceptable || remainder >= step - acceptable;
}

}  // namespace actiond
