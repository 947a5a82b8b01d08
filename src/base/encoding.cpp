#include "base/encoding.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>

namespace actiond {
namespace {

// The length of the UTF-8 sequence at the start of `text`, or 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((byte(at) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(1);
  if (lead == 0xE0 && second < 0xA0) return 0;  // overlong
  if (lead == 0xED && second > 0x9F) return 0;  // surrogate
  if (lead == 0xF0 && second < 0x90) return 0;  // overlong
  if (lead == 0xF4 && second > 0x8F) return 0;  // beyond U+10FFFF
  return length;
}

bool is_unreserved(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The character reference of `c` in HTML; nothing when `c` needs none.
std::string_view reference_to(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

std::string json_escape(char c) {
  constexpr std::string_view letters = "\"\\\b\f\n\r\t", names = "\"\\bfnrt";
  constexpr char digits[] = "0123456789abcdef";
  if (const auto at = letters.find(c); at != letters.npos) return {'\\', names[at]};
  return {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
}

// Of ASCII.
constexpr bool is_printable(char c) { return c >= ' ' && c <= '~'; }

// Of one character: U+2028 to U+202E, and U+2066 to U+2069.
bool turns_text(std::string_view character) {
  return (character >= "\u2028" && character <= "\u202E") ||
         (character >= "\u2066" && character <= "\u2069");
}

// Text of UTF-8 on a line, with `stand_in` of each character, or byte of none, that must not stand
// there.
std::string on_one_line(std::string_view text, std::string (*stand_in)(std::string_view)) {
  std::string line;
  while (true) {
    const auto other = std::ranges::find_if_not(text, is_printable);
    line.append(text.begin(), other);
    text.remove_prefix(static_cast<std::size_t>(other - text.begin()));
    if (text.empty()) return line;
    const std::size_t length = sequence_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(1, length));
    const bool is_text = length > 1 && !has_control_character(character) && !turns_text(character);
    line += is_text ? std::string(character) : stand_in(character);
    text.remove_prefix(character.size());
  }
}

// A byte, or a character of at most three.
std::string escaped(std::string_view character) {
  const auto bits = [character](std::size_t at, unsigned mask) {
    return static_cast<unsigned char>(character[at]) & mask;
  };
  if (character.size() == 1) return fmt::format("\\x{:02x}", bits(0, 0xFF));
  if (character.size() == 2) return fmt::format("\\u{:04x}", bits(0, 0x1F) << 6 | bits(1, 0x3F));
  return fmt::format("\\u{:04x}", bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F));
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }

}  // namespace

std::string to_base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                      reinterpret_cast<const unsigned char*>(bytes.data()),
                                      static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(written));
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string bytes(padded.size() / 4 * 3, '\0');
  const int read = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (read < 0 || padding == 3) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(read) - padding);
  if (to_base64url(bytes) != text) return std::nullopt;
  return bytes;
}

std::string to_percent_encoded(std::string_view text, std::string_view kept) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != kept.npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return encoded;
}

std::string from_percent_encoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int byte = percent_byte(text.substr(at));
    decoded += byte < 0 ? text[at] : static_cast<char>(byte);
    if (byte >= 0) at += 2;
  }
  return decoded;
}

int percent_byte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = hex_digit(text[1]);
  const int low = hex_digit(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string to_html(std::string_view text) {
  std::string html;
  append_html(html, text);
  return html;
}

void append_html(std::string& html, std::string_view text) {
  // Most texts have none, and are copied as a whole.
  const auto special = std::ranges::find_if(text, needs_reference);
  html.append(text.begin(), special);
  text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
  // Six times as long at the most, so that to grow into it would take as much memory again.
  std::size_t size = html.size();
  for (const char c : text) size += std::max<std::size_t>(1, reference_to(c).size());
  html.reserve(size);
  for (const char c : text) {
    const std::string_view reference = reference_to(c);
    if (reference.empty())
      html += c;
    else
      html += reference;
  }
}

void append_json(std::string& json, std::string_view text) {
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= ' ' && byte < 0x80 && c != '"' && c != '\\';
  };
  json += '"';
  while (true) {
    const auto other = std::ranges::find_if_not(text, is_plain);
    json.append(text.begin(), other);
    text.remove_prefix(static_cast<std::size_t>(other - text.begin()));
    if (text.empty()) break;
    const std::size_t length = sequence_length(text);
    if (length == 1)
      json += json_escape(text.front());
    else
      json += length > 1 ? text.substr(0, length) : "\xEF\xBF\xBD";
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  json += '"';
}

void append_member(std::string& json, std::string_view name, std::string_view text) {
  append_json(json, name);
  json += ':';
  append_json(json, text);
  json += ',';
}

void end_members(std::string& json, char bracket) {
  if (json.ends_with(',')) json.pop_back();
  json += bracket;
}

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t length = text.starts_with("\r\n") ? 2 : sequence_length(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
    ++count;
  }
  return count;
}

std::string to_one_line(std::string_view text) {
  return on_one_line(text, [](std::string_view) { return std::string("\xEF\xBF\xBD"); });
}

std::string to_escaped_line(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at != text.npos;) {
    const std::size_t backslash = text.find('\\', at);
    line += on_one_line(text.substr(at, backslash - at), escaped);
    if (backslash != text.npos) line += "\\\\";
    at = backslash == text.npos ? backslash : backslash + 1;
  }
  return line;
}

bool has_control_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') return true;
    if (byte == 0x7F) return true;
    // U+0080 to U+009F
    if (byte == 0xC2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0)
      return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

}  // namespace actiond
