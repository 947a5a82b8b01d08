#include "sqlite/redo.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/file_lock.h"
#include "sqlite/migrations.h"

namespace actiond {
namespace {

// The tables that hold rows of their own, in the database `schema`, "main" or another name.
std::vector<std::string> tables_of(Connection& db, const std::string& schema) {
  std::vector<std::string> tables;
  for (const auto& [name] : db.rows<std::string>(
           fmt::format("SELECT name FROM {}.sqlite_schema WHERE type = 'table' AND rootpage > 0 "
                       "AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = 'sqlite_sequence')",
                       schema)))
    tables.push_back(name);
  return tables;
}

// The columns that both have and that can be written, as a list for SQL.
std::string shared_columns(Connection& db, const std::string& table) {
  std::string columns;
  for (const auto& [name] : db.rows<std::string>(
           "SELECT here.name FROM pragma_table_info(?, 'main') AS here "
           "JOIN pragma_table_info(?, 'former') AS there ON there.name = here.name",
           table, table))
    columns += (columns.empty() ? "" : ", ") + quoted_name(name);
  return columns;
}

// The rows of `former` in the place of those of `made`, without what its triggers would add.
void take_rows(Connection& made, const std::filesystem::path& former) {
  const std::string path = former.string();
  made.script("PRAGMA foreign_keys=OFF");
  made.run("ATTACH ? AS former", path);
  const std::vector<std::string> there = tables_of(made, "former");
  made.begin();
  const auto triggers = made.rows<std::string, std::string>(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'");
  for (const auto& [name, sql] : triggers) made.script("DROP TRIGGER main." + quoted_name(name));
  for (const std::string& table : tables_of(made, "main")) {
    if (std::ranges::find(there, table) == there.end()) continue;
    const std::string columns = shared_columns(made, table), name = quoted_name(table);
    made.script(
        fmt::format("DELETE FROM main.{0}; INSERT INTO main.{0} ({1}) SELECT {1} FROM former.{0}",
                    name, columns));
  }
  for (const auto& [name, sql] : triggers) made.script(sql);
  made.commit();
  made.script("DETACH former");
}

}  // namespace

std::string redo_last(const std::filesystem::path& database, const Schema& schema) {
  if (schema.site.empty()) throw std::runtime_error("the site has no migration of its own");
  Schema before = schema;
  const std::string last(before.site.back().name);
  before.site.pop_back();

  FileLock lock(lock_path(database));
  lock.lock(lock_byte::write_lock);
  Connection live(database, Connection::Use::Write);
  const SchemaState state = schema_state(live, schema);
  if (!state.newer.empty()) throw Unavailable(state.newer);
  for (const std::string& edited : state.edited)
    if (!edited.starts_with(last))
      throw std::runtime_error(fmt::format(
          "only {} can be run again, and {}, was edited too: give it back its text", last, edited));

  Connection made(":memory:", Connection::Use::Write);
  migrate(made, before);
  try {
    take_rows(made, database);
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format(
        "the rows do not fit the tables as they were before {}: {}", last, error.what()));
  }
  made.run("DELETE FROM migrations WHERE sequence = 'site' AND name = ?", last);
  migrate(made, schema);
  made.copy_to(live, -1, [] {});
  return last;
}

}  // namespace actiond
