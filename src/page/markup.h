// A page's elements and where each stands in its text.  Parsed by gumbo, so that what counts as an
// element is what a browser takes for one.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "page/tag.h"

namespace actiond {

inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

struct Element {
  Tag tag;
  bool is_html = true;           // else of SVG or MathML
  std::size_t parent = nowhere;  // its index in `Markup::elements`
  // From behind its start tag to where it was closed, if that can be told.  Holds its descendants,
  // and for a table or a part of one what the parser moves out of it.
  std::optional<Span> content;
  std::size_t end = nowhere;  // behind its own end tag
  std::string text;           // of an option or a label only
};

// Elements that have no start tag of their own in the text (implied or repeated by the parser) are
// left out, and so is everything inside a template.
struct Markup {
  std::vector<Element> elements;       // in tree order, so a parent comes before its children
  std::vector<std::size_t> form_ends;  // where a </form> stands, ascending
  std::set<std::string> ids;           // all on the page, those in templates included
  std::size_t body = 0;                // where the body's content begins
};

// Any bytes do.  Throws what `HtmlTree` throws.
Markup read_markup(const std::string& html);

// HTML 4.10.10, the text of an option, and the same of a label: white space stripped and collapsed.
std::string collapsed(std::string_view text);

// The value that an option sends; without one its text.
std::string option_value(const Element& option);

}  // namespace actiond
