// Putting values back into the controls of a form.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/list.h"
#include "forms/field.h"
#include "page/edits.h"
#include "page/parts.h"

namespace actiond {

// The sent values by name, as a page can show them, without the submission key.  Points into the
// names of the values that it was made of.
class SentValues {
 public:
  explicit SentValues(const FieldValues& values);

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

// Those of `forms` that a browser can have sent these values from.  Each has a control for every
// name that any of them has one for, every text control was sent, and hidden fields and buttons
// agree. Names that none of them accounts for tell nothing, since widgets add them.
std::vector<std::size_t> likely_forms(const PageParts& parts, const std::vector<std::size_t>& forms,
                                      const SentValues& sent);

// `is_only`: no other form of the page posts to the same action; else hidden fields are left alone.
void fill_values(const PageForm& form, const SentValues& sent, bool is_only, Edits& edits);

// The controls of a row, each from the value of its name; a lone checkbox also from "1" or "true".
void fill_row_controls(const std::vector<Control>& controls, const ListRow& row, Edits& edits);

}  // namespace actiond
