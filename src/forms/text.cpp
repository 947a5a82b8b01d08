#include "forms/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/encoding.h"

namespace actiond {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// In ascending order.
constexpr std::array blank_characters{
    Range{0x0009, 0x000D},   Range{0x0020, 0x0020},   Range{0x0085, 0x0085},  Range{0x00A0, 0x00A0},
    Range{0x00AD, 0x00AD},   Range{0x034F, 0x034F},   Range{0x061C, 0x061C},  Range{0x115F, 0x1160},
    Range{0x1680, 0x1680},   Range{0x17B4, 0x17B5},   Range{0x180B, 0x180F},  Range{0x2000, 0x200F},
    Range{0x2028, 0x202F},   Range{0x205F, 0x206F},   Range{0x3000, 0x3000},  Range{0x3164, 0x3164},
    Range{0xFE00, 0xFE0F},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},  Range{0xFFF0, 0xFFF8},
    Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF}};

bool is_blank(char32_t character) {
  const auto range = std::ranges::lower_bound(blank_characters, character, {}, &Range::last);
  return range != blank_characters.end() && range->first <= character;
}

struct Decoded {
  char32_t character;
  std::size_t length;
};

// The first character of `text`, which is not empty.  A byte that begins no sequence counts as
// U+FFFD.
Decoded decode_first(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                                           : 4;
  if (length == 1) return {lead, 1};
  if (length == 0 || text.size() < length) return {0xFFFD, 1};
  char32_t character = lead & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at)
    character = character << 6 | (static_cast<unsigned char>(text[at]) & 0x3FU);
  return {character, length};
}

constexpr std::string_view next_line = "\xC2\x85";

// How many bytes of a line break `text` begins with.
std::size_t line_break_length(std::string_view text) {
  if (text.starts_with("\r\n") || text.starts_with(next_line)) return 2;
  return text.find_first_of("\n\v\f\r") == 0 ? 1 : 0;
}

// The length of the forbidden character that `text` begins with, or 0.
std::size_t forbidden_length(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte == 0x7F || (byte < 0x20 && byte != '\t' && line_break_length(text) == 0)) return 1;
  const bool is_c1 = byte == 0xC2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xA0;
  return is_c1 && !text.starts_with(next_line) ? 2 : 0;
}

}  // namespace

std::string with_line_feeds(std::string_view text) {
  if (text.find_first_of("\v\f\r\xC2") == text.npos) return std::string(text);
  std::string lines;
  lines.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = line_break_length(text);
    lines += length > 0 ? '\n' : text.front();
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return lines;
}

bool has_forbidden_character(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1))
    if (forbidden_length(text) > 0) return true;
  return false;
}

std::string as_shown(std::string_view text) {
  std::string shown = with_line_feeds(text);
  if (!has_forbidden_character(shown)) return shown;
  std::string replaced;
  for (std::string_view rest = shown; !rest.empty();) {
    const std::size_t length = forbidden_length(rest);
    replaced.append(length > 0 ? "\xEF\xBF\xBD" : rest.substr(0, 1));
    rest.remove_prefix(std::max<std::size_t>(1, length));
  }
  return replaced;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const Decoded first = decode_first(text);
    if (!is_blank(first.character)) return false;
    text.remove_prefix(first.length);
  }
  return true;
}

std::int64_t utf16_length(std::string_view text) {
  const auto pairs =
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
  return static_cast<std::int64_t>(count_characters(text).value_or(0)) + pairs;
}

}  // namespace actiond
