// Parts of a page that a value leaves out or keeps.
#pragma once

#include <optional>
#include <string>

#include "page/markup.h"
#include "page/tag.h"

namespace actiond {

// An element with data-if: left out, or kept, by a value or a list.
struct Condition {
  std::string name;
  bool is_negated;  // data-if="!NAME"
  Tag tag;
  std::optional<Span> whole;  // nothing: it has no end tag of its own, and is hidden instead
};

// Nothing for an element without data-if.
std::optional<Condition> condition_of(const Element& element);

}  // namespace actiond
