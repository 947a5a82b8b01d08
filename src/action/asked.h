// The query of a page: what may stand behind the '?', declared as the fields of a form are.
//
//   struct Search {
//     std::optional<Kind> kind;
//     std::int64_t page = 1;
//   };
//   const Asked<Search> search{{{"kind", &Search::kind}, {"page", &Search::page, {.min = 1}}}};
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "forms/form.h"

namespace actiond {

template <class Query>
struct Asked {
  std::vector<Field<Query>> fields = {};

  // Names that are not declared are ignored.
  std::variant<Query, FieldErrors> read(const FieldValues& values) const {
    return read_fields(fields, values);
  }
  FormDescription describe() const { return Form<Query>{"", fields}.describe(); }
};

// The query of a page that has none.
struct NoQuery {};
inline const Asked<NoQuery> no_query;

// One row: `?id=5`.
struct ById {
  std::int64_t id = 0;
  operator std::int64_t() const { return id; }
};
inline const Asked<ById> by_id{{{"id", &ById::id, {.required = true, .min = 1}}}};

// A page of a list in which words are looked for: `?q=oars&page=2`.
struct ByWords {
  std::string words;
  std::int64_t page = 1;
};
inline const Asked<ByWords> by_words{
    {{"q", &ByWords::words, {.max = 80}}, {"page", &ByWords::page, {.min = 1}}}};

}  // namespace actiond
