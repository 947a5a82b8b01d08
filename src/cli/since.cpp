#include "cli/since.h"

#include <charconv>
#include <cstdint>

namespace actiond {
namespace {

std::optional<std::chrono::seconds> unit(char letter) {
  switch (letter) {
    case 's': return std::chrono::seconds(1);
    case 'm': return std::chrono::minutes(1);
    case 'h': return std::chrono::hours(1);
    case 'd': return std::chrono::days(1);
    case 'w': return std::chrono::weeks(1);
    default: return std::nullopt;
  }
}

std::optional<std::chrono::seconds> span(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto each = unit(text.back());
  std::uint32_t count = 0;
  const char* end = text.data() + text.size() - 1;
  const auto read = std::from_chars(text.data(), end, count);
  if (!each || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return *each * std::int64_t{count};
}

}  // namespace

std::optional<Time> from_since(std::string_view text, Time now) {
  if (const auto back = span(text)) return now - *back;
  const auto time = from_rfc3339(text);
  // A date alone is read as its last second.
  const bool is_date = text.find('T') == text.npos;
  return time && is_date ? Time(std::chrono::floor<std::chrono::days>(*time)) : time;
}

}  // namespace actiond
