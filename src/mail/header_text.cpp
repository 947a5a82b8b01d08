#include "mail/header_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.h"

namespace actiond {
namespace {

// With the name of its header within the 78 columns of RFC 5322 section 2.1.1.
constexpr std::size_t most_plain_bytes = 60;
// A line with encoded words has 76 columns at most (RFC 2047 section 2): without "=?UTF-8?Q?", "?="
// and the name of a header.
constexpr std::size_t most_word_bytes = 54;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// In a phrase as well, RFC 2047 section 5 (3).
std::string q_encoded(std::string_view character) {
  const char first = character.front();
  if (is_letter_or_digit(first)) return std::string(character);
  if (first == ' ') return "_";
  std::string encoded;
  for (const char c : character) encoded += fmt::format("={:02X}", static_cast<unsigned char>(c));
  return encoded;
}

// Of the UTF-8 character that begins with `first`.
std::size_t character_bytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

}  // namespace

std::optional<HeaderText> HeaderText::parse(std::string_view text) {
  if (!count_characters(text) || has_control_character(text) ||
      text.find_first_of("\t\r\n") != text.npos)
    return std::nullopt;
  return HeaderText(text);
}

std::string HeaderText::encoded() const {
  if (text_.size() <= most_plain_bytes && std::ranges::all_of(text_, is_printable) &&
      text_.find("=?") == text_.npos)
    return text_;
  std::string words;
  std::string word;
  for (std::size_t at = 0; at < text_.size();) {
    const std::size_t bytes = character_bytes(text_[at]);
    const std::string next = q_encoded(std::string_view(text_).substr(at, bytes));
    if (word.size() + next.size() > most_word_bytes) {
      words += fmt::format("=?UTF-8?Q?{}?=\r\n ", word);
      word.clear();
    }
    word += next;
    at += bytes;
  }
  return fmt::format("{}=?UTF-8?Q?{}?=", words, word);
}

}  // namespace actiond
