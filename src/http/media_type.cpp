#include "http/media_type.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace actiond {
namespace {

// Where the quoted string ends that `text` begins with.  Browsers write '"' as %22 (WHATWG,
// multipart/form-data encoding) and '\\' as itself, other programs '\\"' for '"' (RFC 9110 section
// 5.6.4): a quote behind a backslash is a part of the string when another quote follows.
std::size_t closing_quote(std::string_view text) {
  bool is_escaped = false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"' && (!is_escaped || text.find('"', at + 1) == text.npos)) return at;
    is_escaped = text[at] == '\\' && !is_escaped;
  }
  return text.npos;
}

// Takes a quoted string off the front of `text`, without its quotes.
std::optional<std::string> take_quoted(std::string_view& text) {
  const std::size_t end = closing_quote(text);
  if (end == text.npos) return std::nullopt;
  std::string value;
  for (std::size_t at = 1; at < end; ++at)
    if (text[at] != '\\' || text[at + 1] != '"' || at + 1 == end) value += text[at];
  text = trimmed(text.substr(end + 1));
  if (!text.empty() && text.front() != ';') return std::nullopt;
  return value;
}

std::string take_token(std::string_view& text) {
  const std::size_t end = std::min(text.find(';'), text.size());
  std::string value(trimmed(text.substr(0, end)));
  text.remove_prefix(end);
  return value;
}

}  // namespace

bool is_utf8(const MediaType& media) {
  constexpr std::array<std::string_view, 12> labels{
      "utf-8",           "utf8",          "unicode-1-1-utf-8",
      "unicode11utf8",   "unicode20utf8", "us-ascii",
      "x-unicode20utf8", "ascii",         "us",
      "iso646-us",       "iso-ir-6",      "ansi_x3.4-1968"};
  const auto charset = media.parameters.find("charset");
  if (charset == media.parameters.end()) return true;
  const std::string label = to_lower(trimmed(charset->second));
  return label.empty() || std::ranges::find(labels, label) != labels.end();
}

std::optional<MediaType> parse_media_type(std::string_view text) {
  MediaType media{to_lower(take_token(text)), {}};
  if (media.type.empty()) return std::nullopt;
  while (!text.empty()) {
    text = trimmed(text.substr(1));
    // One may be empty: RFC 9110 section 5.6.6.
    if (text.empty() || text.front() == ';') continue;
    const std::size_t equals = text.find('=');
    if (equals == text.npos) return std::nullopt;
    const std::string name = to_lower(trimmed(text.substr(0, equals)));
    if (name.empty() || name.find_first_of("; \t\"") != name.npos) return std::nullopt;
    text = trimmed(text.substr(equals + 1));
    const auto value = text.starts_with('"') ? take_quoted(text) : take_token(text);
    if (!value || !media.parameters.emplace(name, *value).second) return std::nullopt;
  }
  return media;
}

}  // namespace actiond
