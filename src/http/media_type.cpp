#include "http/media_type.h"

#include <algorithm>

#include "base/encoding.h"

namespace actiond {
namespace {

// Takes a quoted string off the front of `text`, without its quotes.  A backslash is itself:
// browsers write '"' as %22 (WHATWG, multipart/form-data encoding).
std::optional<std::string> take_quoted(std::string_view& text) {
  const std::size_t end = text.find('"', 1);
  if (end == text.npos) return std::nullopt;
  std::string value(text.substr(1, end - 1));
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

std::optional<MediaType> parse_media_type(std::string_view text) {
  MediaType media{to_lower(take_token(text)), {}};
  if (media.type.empty()) return std::nullopt;
  while (!text.empty()) {
    text = trimmed(text.substr(1));
    if (text.empty()) break;
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
