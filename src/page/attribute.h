// Values in attributes: `<a href="/actions/report?id={id}">`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "page/tag.h"

namespace actiond {

// Text and the name of the value behind it; the last piece may have no name.
struct AttributePiece {
  std::string text;
  std::string name;
};

enum class AttributeKind {
  Text,
  Flag,  // such as `checked`: there or not
  Link,  // an address: page/filled_link.h
};

struct FilledAttribute {
  std::string name;
  AttributeKind kind;
  std::vector<AttributePiece> pieces;
  bool is_settled = false;  // a link: page/filled_link.h
};

struct FilledTag {
  Tag tag;
  std::vector<FilledAttribute> attributes;
};

// How values fill that attribute; nothing where they never do: what a script, a style sheet or the
// parser acts on, and all of an element that loads or runs something.
std::optional<AttributeKind> fillable_kind(const Tag& tag, std::string_view attribute);

// `raw` divided at the names in braces, [a-z][a-z0-9_-]*, that are no words of `Fresh`; the text
// between them with its character references resolved.
std::vector<AttributePiece> attribute_pieces(std::string_view raw);

bool has_names(const std::vector<AttributePiece>& pieces);

// Whether the value stands for a whole address, not for a part of one.
bool begins_with_name(const std::vector<AttributePiece>& pieces);

// The attributes of `tag` that values fill.  `html` is the text that the tag stands in.
std::vector<FilledAttribute> filled_attributes(const Tag& tag, std::string_view html);

}  // namespace actiond
