// Changes to a page's text, collected and then made in one copy: every byte that no change names
// stays as it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "page/tag.h"

namespace actiond {

class Edits {
 public:
  // `html` outlives the edits.
  explicit Edits(std::string_view html) : html_(html) {}

  // Unescaped: `markup` is the program's own.
  void insert(std::size_t at, std::string markup);
  void replace(Span span, std::string markup);
  // Any text, escaped.
  void write(Span span, std::string_view text);

  // Gives the tag an attribute with that value, or without one.
  void set(const Tag& tag, std::string_view attribute, std::string_view value);
  void add(const Tag& tag, std::string_view attribute);
  // Removes all attributes of that name: a duplicate behind the first would begin to count.
  void remove(const Tag& tag, std::string_view attribute);

  // The text with the changes made.  One inside the span of another is lost with that span.
  std::string apply() && { return std::move(*this).apply({0, html_.size()}); }
  // Only what stands in `part`; no change reaches beyond it.
  std::string apply(Span part) &&;

 private:
  struct Change {
    Span span;
    std::string markup;
    // Kept apart: `markup` may be long, and is not copied for them.
    std::string before = {};
    std::string_view behind = {};

    std::size_t size() const { return before.size() + markup.size() + behind.size(); }
  };
  void remove(const Attribute& attribute);

  std::string_view html_;
  std::vector<Change> changes_;
};

}  // namespace actiond
