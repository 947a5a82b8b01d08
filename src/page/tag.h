// A start tag as it stands in a page: HTML Living Standard 13.2.5.6 to 13.2.5.40.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace actiond {

// A part of a text, in bytes; `end` is behind the last.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Attribute {
  std::string name;   // in lower case
  std::string value;  // without its quotes
  Span name_span;
  Span span;        // name, '=', value and its quotes
  Span value_span;  // as written, without its quotes
};

struct Tag {
  std::string name;  // in lower case
  Span span;         // from '<' to behind '>'
  std::size_t name_end = 0;
  std::vector<Attribute> attributes;  // as written, duplicates included

  // The one that counts: of several with the same name, the first.
  const Attribute* find(std::string_view attribute) const;
  bool has(std::string_view attribute) const { return find(attribute) != nullptr; }
  // Its value, or nothing.
  std::string_view value(std::string_view attribute) const;
};

// The start tag at `begin`, character references in its values not yet resolved.  Nothing when none
// is there or the text ends inside it.
std::optional<Tag> read_tag(std::string_view html, std::size_t begin);

// Those of `tag` that count.
std::map<std::string, std::string, std::less<>> attributes_of(const Tag& tag);

// White space between attributes.  A CR counts: a parser makes it a line feed before it looks.
bool is_html_space(char c);

}  // namespace actiond
