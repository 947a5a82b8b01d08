// Asks every table that a site has whether its texts are said to tell of people.
#pragma once

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "site_under_test.h"
#include "sqlite/connection.h"
#include "store/person.h"

namespace actiond::test {

// The site's and the library's.
inline std::vector<PersonalColumn> personal_columns() {
  std::vector<PersonalColumn> columns = tested_site().personal();
  for (const PersonalColumn& column : library_personal_columns()) columns.push_back(column);
  return columns;
}

// Each text is said to tell of people, or of nobody, once; and what is said is there.
inline void check_personal_columns() {
  const auto dotted = [](std::string_view table, std::string_view column) {
    return std::string(table).append(".").append(column);
  };
  const TemporaryFolder folder;
  sqlite_engine(folder / "site.db", schema_of(tested_site()))->migrate();
  Connection db(folder / "site.db", Connection::Use::Read);
  std::set<std::string> said, there, texts;
  for (const PersonalColumn& column : personal_columns())
    CHECK_MESSAGE(said.insert(dotted(column.table, column.column)).second, column.column);
  for (const std::string_view name : library_impersonal_columns())
    CHECK_MESSAGE(said.insert(std::string(name)).second, std::string(name));
  for (const auto& [table, column, type] : db.rows<std::string, std::string, std::string>(
           "SELECT t.name, c.name, c.type FROM pragma_table_list t JOIN pragma_table_info(t.name) "
           "c WHERE t.schema = 'main' AND t.type = 'table' AND t.name <> 'migrations' "
           "AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
    there.insert(dotted(table, column));
    if (type == "TEXT" || type == "BLOB") texts.insert(dotted(table, column));
  }
  CHECK(texts.size() > 40);
  for (const std::string& name : texts) CHECK_MESSAGE(said.contains(name), name);
  for (const std::string& name : said) CHECK_MESSAGE(there.contains(name), name);
}

}  // namespace actiond::test
