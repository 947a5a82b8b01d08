// Changes to a page's text, collected and then made in one copy: every byte that no change names
// stays as it was.
#pragma once

#include <cstddef>
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
  void insert(std::size_t at, std::string_view markup) { replace({at, at}, markup); }
  void replace(Span span, std::string_view markup);
  // Any text, escaped.
  void write(Span span, std::string_view text);

  // Gives the tag an attribute with that value, or without one.
  void set(const Tag& tag, std::string_view attribute, std::string_view value);
  void add(const Tag& tag, std::string_view attribute);
  // Removes all attributes of that name: a duplicate behind the first would begin to count.
  void remove(const Tag& tag, std::string_view attribute);

  // The text with the changes made, which are forgotten.  One inside the span of another is lost
  // with that span.
  std::string apply();
  // Appends what stands in `part` to `text`; no change reaches beyond it.
  void apply(Span part, std::string& text);

 private:
  struct Change {
    Span span;
    std::string_view markup;  // in its place
    std::size_t order;        // in which the changes came
  };
  // Where so many bytes fit behind what is there, so that this stays where it is.
  std::string& room(std::size_t bytes);
  // All that `block` has from `begin` on comes in the place of `span`.
  void change(Span span, std::string_view block, std::size_t begin) {
    changes_.push_back({span, block.substr(begin), changes_.size()});
  }
  void remove(const Attribute& attribute);

  std::string_view html_;
  std::vector<std::string> blocks_;  // the markup of the changes
  std::vector<Change> changes_;
};

}  // namespace actiond
