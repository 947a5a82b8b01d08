// The value of `Content-Type` and of header fields of that shape: "type; name=value; …",
// RFC 9110 section 8.3.1 and RFC 6266 section 4.1.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace actiond {

struct MediaType {
  std::string type;                               // lower case
  std::map<std::string, std::string> parameters;  // names in lower case
};

// Whether its text is UTF-8: it names no charset, or one of the labels of UTF-8 or of ASCII, which
// is a part of it (WHATWG Encoding section 4.2).
bool is_utf8(const MediaType& media);

// Nothing when `text` is malformed or names a parameter twice.
std::optional<MediaType> parse_media_type(std::string_view text);

}  // namespace actiond
