// A page as gumbo's tree, of any bytes and any shape.
#pragma once

#include <gumbo.h>

#include <cstddef>
#include <memory_resource>
#include <string>
#include <string_view>

namespace actiond {

// The nodes point into `html` and live as long as the tree.
class HtmlTree {
 public:
  // Throws std::invalid_argument when `html` has more than 1 MiB, or when its elements nest so deep
  // (10,000) that gumbo, which takes the square of the depth, would take seconds.
  explicit HtmlTree(std::string_view html);
  HtmlTree(const HtmlTree&) = delete;
  HtmlTree& operator=(const HtmlTree&) = delete;

  const GumboNode* document() const { return document_; }
  // Where gumbo's text begins, and its offsets count from: behind a byte order mark.
  std::size_t start() const { return start_; }

 private:
  // Holds the whole tree: gumbo_destroy_output would recurse as deep as the page nests.
  std::pmr::monotonic_buffer_resource arena_;
  std::size_t start_;
  const GumboNode* document_;
};

// Its child nodes; text has none.
const GumboVector& children_of(const GumboNode& node);

// The meaning of an attribute's value as written between quotes: character references resolved,
// line breaks made line feeds.
std::string resolve_references(std::string_view value);

}  // namespace actiond
