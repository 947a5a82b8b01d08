// libFuzzer: a statement or a migration on its way to PostgreSQL, by how strings, names and
// comments end there.
//
// Covers: postgres/dialect.cpp

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/demand.h"
#include "postgres/dialect.h"

using namespace actiond;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string sql(fuzz::to_text(data, size));
  const std::string made = statement_for_postgres(sql);
  fuzz::demand(statement_for_postgres(made) == made, "a place or a LIKE was left, or is new");
  fuzz::demand(std::ranges::count(made, '?') <= std::ranges::count(sql, '?'), "a place is new");
  for (const char quote : {'\'', '\n', '(', ';'})
    fuzz::demand(std::ranges::count(made, quote) <= std::ranges::count(sql, quote),
                 "something else than a place or a LIKE is new");
  fuzz::demand(
      first_word(made) == first_word(sql) || first_word(sql) == "LIKE" || first_word(sql) == "NOT",
      "the statement became another one");
  fuzz::demand(inserted_table(made) == inserted_table(sql) ||
                   inserted_table(sql).starts_with('?') || made.find("ILIKE") != made.npos,
               "rows go into another table");

  const std::string migration = migration_for_postgres(sql);
  for (const char quote : {'\'', '(', ')', ';', '?'})
    fuzz::demand(std::ranges::count(migration, quote) == std::ranges::count(sql, quote),
                 "something else than a type or an option is new or gone");
  return 0;
}
