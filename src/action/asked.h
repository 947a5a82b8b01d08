// The query of a page: what may stand behind the '?', declared as the fields of a form are.
//
//   struct Search {
//     std::string words;
//     std::int64_t page = 1;
//   };
//   const Asked<Search> search{{{"q", &Search::words, {.max = 80}},
//                               {"page", &Search::page, {.min = 1}}}};
#pragma once

#include <variant>
#include <vector>

#include "forms/form.h"

namespace actiond {

template <class Query>
struct Asked {
  std::vector<Field<Query>> fields = {};

  // Names that are not declared are ignored.
  std::variant<Query, FieldErrors> read(const FieldValues& values) const {
    return Form<Query>{"", fields}.read(values);
  }
  FormDescription describe() const { return Form<Query>{"", fields}.describe(); }
};

// The query of a page that has none.
struct NoQuery {};
inline const Asked<NoQuery> no_query;

}  // namespace actiond
