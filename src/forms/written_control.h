// A control of a page.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace actiond {

// As its author wrote it; a <button> has a `value`, and that of a <textarea> is its content.  One
// that only some browsers have, by <noscript>, is not `required`.
struct WrittenControl {
  std::string type;  // of an <input> or a <button>; "textarea", "select", "select-multiple"
  std::map<std::string, std::string, std::less<>> attributes = {};
  std::vector<std::string> options = {};  // of a select: those that are not disabled
  std::size_t line = 0;
  std::vector<std::string> selected = {};  // of these: what the page selects
  // In a <datalist>, for browsers that know none.  No browser validates it; the standard sends it
  // nowhere (HTML 4.10.22.4), Chromium does all the same.
  bool is_fallback = false;

  bool has(std::string_view name) const { return attributes.contains(name); }
  // Its value, or nothing.
  std::string_view value(std::string_view name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string_view() : std::string_view(found->second);
  }
};

}  // namespace actiond
