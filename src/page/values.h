// Putting values back into the controls of a form.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "forms/field.h"
#include "page/edits.h"
#include "page/parts.h"

namespace actiond {

// What was sent, by name; without the submission key.  Line breaks are line feeds, as in a parsed
// page.  Points into the values it was made of.
class SentValues {
 public:
  explicit SentValues(const FieldValues& values);

  std::size_t count_names() const { return by_name_.size(); }
  bool has(std::string_view name) const { return by_name_.contains(name); }
  bool has(std::string_view name, std::string_view value) const;
  // The n-th value of that name, counted from 0, or nothing.
  const std::string* nth(std::string_view name, std::size_t n) const;

 private:
  struct Values {
    std::vector<std::string> in_order;
    std::set<std::string_view> any;
  };
  std::map<std::string_view, Values> by_name_;
};

// Whether a browser can have sent exactly these names from this form, by all that we can tell.
bool could_have_sent(const PageForm& form, const SentValues& sent);

// `is_only`: no other form of the page posts to the same action; else hidden fields are left alone.
void fill_values(const PageForm& form, const SentValues& sent, bool is_only, Edits& edits);

}  // namespace actiond
