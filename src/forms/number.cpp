#include "forms/number.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/encoding.h"

namespace actiond {
namespace {

// Takes the ASCII digits off the front of `text`.
std::string_view take_digits(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  return digits;
}

template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// The decimal exponent that `text` is, "" being none.  Without one that fits an int there is no
// number of a length that anybody sends.
std::optional<int> read_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  return to_number<int>(text);
}

}  // namespace

std::optional<std::int64_t> parse_whole_number(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  std::string digits(take_digits(text));
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  digits += fraction;
  const auto exponent = read_exponent(text);
  if (digits.empty() || !exponent) return std::nullopt;

  // digits * 10^shift
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return 0;
  const auto shift = *exponent - static_cast<std::int64_t>(fraction.size());
  const auto size = static_cast<std::int64_t>(digits.size());
  constexpr std::int64_t most_digits = 19;
  if (size + shift < 1 || size + shift > most_digits) return std::nullopt;
  if (shift > 0) digits.append(static_cast<std::size_t>(shift), '0');
  if (shift < 0) {
    const auto whole = static_cast<std::size_t>(size + shift);
    if (digits.find_first_not_of('0', whole) != digits.npos) return std::nullopt;
    digits.resize(whole);
  }
  return to_number<std::int64_t>(is_negative ? '-' + digits : digits);
}

std::optional<std::int64_t> parse_length(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  return to_number<std::int64_t>(take_digits(text));
}

}  // namespace actiond
