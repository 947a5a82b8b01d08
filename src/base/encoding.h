// The small encodings of the web, each by its standard.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace actiond {

// base64url without padding, RFC 4648 section 5.
std::string to_base64url(std::string_view bytes);
// Nothing for whatever `to_base64url` would not have written: one text for one value.
std::optional<std::string> from_base64url(std::string_view text);

// Percent-encodes all but unreserved characters and those in `kept`, RFC 3986 section 2.
std::string to_percent_encoded(std::string_view text, std::string_view kept = "/");

// Each "%XX" in `text` as the byte that it stands for; other '%' as they are (URL Standard,
// percent-decode).
std::string from_percent_encoded(std::string_view text);
// The byte that "%XX" at the start of `text` stands for, or -1 when it is none.
int percent_byte(std::string_view text);

// Whether HTML has a character reference in place of `c`, for text to mean itself.
constexpr bool needs_reference(char c) {
  return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'';
}

// Text that means itself in HTML text and in a quoted attribute value.
std::string to_html(std::string_view text);
// The same, behind what `html` has.
void append_html(std::string& html, std::string_view text);

// A string of JSON, RFC 8259 section 7, behind what `json` has.  U+FFFD stands for each byte that
// is no UTF-8.
void append_json(std::string& json, std::string_view text);
// `"name":"text",` of an object.  Answers that are given often are made of these: a tree of
// nlohmann/json takes many times as long.
void append_member(std::string& json, std::string_view name, std::string_view text);
// In place of the comma behind the last member.
void end_members(std::string& json, char bracket);

// Code points in `text`, a CRLF counted once as `maxlength` does.  Nothing when it is not
// UTF-8 (RFC 3629: no surrogates, no overlong forms).
std::optional<std::size_t> count_characters(std::string_view text);

// Holds a control character (Unicode category Cc) other than tab, CR and LF.  `text` is UTF-8.
bool has_control_character(std::string_view text);

// On one line of UTF-8, for a terminal as well: U+FFFD stands for each control character, for each
// that ends a line or turns the direction of the text around it (Unicode UAX 9, 2.1 to 2.5), and
// for each byte of what is no UTF-8.
std::string to_one_line(std::string_view text);
// The same, and nothing is lost: "\\x0a", "\\u202e", and "\\\\" for a backslash.
std::string to_escaped_line(std::string_view text);

// Without the ASCII white space around it.
std::string_view trimmed(std::string_view text);

// Of ASCII.
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

// ASCII letters made small; every other byte stays.
std::string to_lower(std::string_view text);

}  // namespace actiond
