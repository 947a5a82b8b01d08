#include "forms/web_address.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "forms/text.h"

namespace actiond {
namespace {

// Bytes above ASCII: an internationalised name as a browser shows it.
bool is_of_name(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_label(std::string_view label) {
  return label.size() <= 63 && !actiond::is_blank(label) && std::ranges::all_of(label, is_of_name);
}

// Decimal, octal behind a 0 or hexadecimal behind a 0x, which may stand alone.
std::optional<std::uint64_t> ipv4_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
    if (text.empty()) return 0;
  } else if (text.size() > 1 && text.front() == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

// WHATWG URL, "ends in a number checker".
bool is_numeric(std::string_view label) {
  return std::ranges::all_of(label, is_digit) ||
         ((label.starts_with("0x") || label.starts_with("0X")) && ipv4_number(label));
}

// The last number stands for all bytes that are left.
bool is_ipv4(const std::vector<std::string_view>& labels) {
  if (labels.size() > 4) return false;
  for (std::size_t at = 0; at < labels.size(); ++at) {
    const bool is_last = at + 1 == labels.size();
    const std::uint64_t limit = std::uint64_t{1} << (is_last ? 8 * (5 - labels.size()) : 8);
    const auto number = ipv4_number(labels[at]);
    if (!number || *number >= limit) return false;
  }
  return true;
}

bool is_web_host(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  std::vector<std::string_view> labels;
  for (std::size_t at = 0; at <= host.size(); at += labels.back().size() + 1) {
    labels.push_back(host.substr(at, host.find('.', at) - at));
    if (!is_label(labels.back())) return false;
  }
  return !is_numeric(labels.back()) || is_ipv4(labels);
}

bool is_port(std::string_view text) {
  std::uint16_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return text.empty() || (read.ec == std::errc() && read.ptr == text.data() + text.size());
}

}  // namespace

bool is_web_address(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, 8));
  const std::size_t scheme = lower.starts_with("https://")  ? 8
                             : lower.starts_with("http://") ? 7
                                                            : 0;
  if (scheme == 0) return false;
  if (text.find_first_of(" \t\r\n<>\"\\^`{|}") != text.npos) return false;
  const std::string_view rest = text.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  return is_web_host(authority.substr(0, colon)) &&
         is_port(authority.substr(std::min(colon + 1, authority.size())));
}

}  // namespace actiond
