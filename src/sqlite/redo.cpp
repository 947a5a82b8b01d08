#include "sqlite/redo.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/file_lock.h"
#include "sqlite/migrations.h"

namespace actiond {
namespace {

// The tables of a type, "table" or "virtual", in the database `schema`, "main" or another name.
std::vector<std::string> tables_of(Connection& db, std::string_view schema, std::string_view type) {
  std::vector<std::string> tables;
  for (const auto& [name] : db.rows<std::string>(
           "SELECT name FROM pragma_table_list WHERE schema = ? AND type = ? "
           "AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = 'sqlite_sequence')",
           schema, type))
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

// Those of a type that both have.
std::vector<std::string> shared_tables(Connection& db, std::string_view type) {
  const std::vector<std::string> there = tables_of(db, "former", type);
  std::vector<std::string> shared = tables_of(db, "main", type);
  std::erase_if(shared, [&](const std::string& table) {
    return std::ranges::find(there, table) == there.end();
  });
  return shared;
}

void copy_rows(Connection& db, const std::string& table, std::string_view first_columns) {
  db.script(fmt::format("INSERT INTO main.{0} ({1}{2}) SELECT {1}{2} FROM former.{0}",
                        quoted_name(table), first_columns, shared_columns(db, table)));
}

// The rows of `former` in the place of those of `made`, without what its triggers would add.
void take_rows(Connection& made, const std::filesystem::path& former) {
  const std::string path = former.string();
  made.script("PRAGMA foreign_keys=OFF");
  made.run("ATTACH ? AS former", path);
  made.begin();
  const auto triggers = made.rows<std::string, std::string>(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'");
  for (const auto& [name, sql] : triggers) made.script("DROP TRIGGER main." + quoted_name(name));
  // An index of words is emptied while the rows are there that it is of, and filled after them.
  const std::vector<std::string> indexes = shared_tables(made, "virtual");
  for (const std::string& table : indexes) made.script("DELETE FROM main." + quoted_name(table));
  for (const std::string& table : shared_tables(made, "table")) {
    made.script("DELETE FROM main." + quoted_name(table));
    copy_rows(made, table, "");
  }
  for (const std::string& table : indexes) copy_rows(made, table, "rowid, ");
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
  for (const std::string* why : {&state.newer, &state.unknown})
    if (!why->empty()) throw Unavailable(*why);
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
  made.copy_to(live, -1, [](int, int) {});
  return last;
}

}  // namespace actiond
