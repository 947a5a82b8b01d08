// Parts of a page that a value leaves out or keeps.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "page/markup.h"
#include "page/tag.h"

namespace actiond {

// An element with data-if: left out, or kept, by a value or a list.
struct ConditionalPart {
  std::string name;
  bool is_negated;  // data-if="!NAME"
  Tag tag;
  std::optional<Span> whole;  // nothing: it has no end tag of its own, and is hidden instead
};

// Nothing for an element without data-if.  One that stands alone on its line is left out with its
// indentation, if `is_in` says that this is in the same row.
std::optional<ConditionalPart> condition_of(const Element& element, std::string_view html,
                                            const std::function<bool(Span)>& is_in);

}  // namespace actiond
