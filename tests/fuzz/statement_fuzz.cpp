// libFuzzer: a statement or a migration on its way to PostgreSQL, by how strings, names and
// comments end there.
//
// Covers: postgres/dialect.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/demand.h"
#include "postgres/dialect.h"

using namespace actiond;

namespace {

// How often a search by words is written for PostgreSQL, each with a parenthesis of its own.
std::ptrdiff_t searches(const std::string& sql) {
  constexpr std::string_view written = "@@ words_query(";
  std::ptrdiff_t found = 0;
  for (std::size_t at = 0; (at = sql.find(written, at)) != sql.npos; at += written.size()) ++found;
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string sql(fuzz::to_text(data, size));
  const std::string made = statement_for_postgres(sql);
  fuzz::demand(statement_for_postgres(made) == made, "a place or a LIKE was left, or is new");
  fuzz::demand(std::ranges::count(made, '?') <= std::ranges::count(sql, '?'), "a place is new");
  for (const char quote : {'\'', '\n', '(', ';'})
    fuzz::demand(std::ranges::count(made, quote) <=
                     std::ranges::count(sql, quote) + (quote == '(' ? searches(made) : 0),
                 "something else than a place, a LIKE or a MATCH is new");
  const std::string word(first_word(sql));
  fuzz::demand(first_word(made) == word || word == "LIKE" || word == "NOT" || word == "MATCH",
               "the statement became another one");
  fuzz::demand(inserted_table(made) == inserted_table(sql) ||
                   inserted_table(sql).starts_with('?') || made.find("ILIKE") != made.npos ||
                   searches(made) > 0,
               "rows go into another table");

  const std::string migration = migration_for_postgres(sql);
  for (const char quote : {'\'', '(', ')', ';', '?'})
    fuzz::demand(std::ranges::count(migration, quote) == std::ranges::count(sql, quote),
                 "something else than a type or an option is new or gone");
  return 0;
}
