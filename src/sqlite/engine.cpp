#include "sqlite/engine.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "sqlite/database.h"
#include "sqlite/migrations.h"

namespace actiond {
namespace {

std::optional<std::uintmax_t> size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return error ? std::nullopt : std::optional(size);
}

}  // namespace

std::unique_ptr<Engine> sqlite_engine(std::filesystem::path database, Schema schema,
                                      const UploadFolder* uploads, CommitWatch* watch) {
  return std::make_unique<Database>(std::move(database), std::move(schema), uploads, watch);
}

SqliteSizes sqlite_sizes(const std::filesystem::path& database) {
  return {size_of(database), size_of(database.string() + "-wal")};
}

SqliteFacts sqlite_facts(const std::filesystem::path& database, const Schema& schema) {
  Connection db(database, Connection::Use::Read);
  return {
      .schema = schema_state(db, schema),
      .journal_mode = std::get<0>(*db.row<std::string>("PRAGMA journal_mode")),
      .synchronous = std::get<0>(*db.row<int>("PRAGMA synchronous")),
      .version = sqlite_version(),
      .version_built_with = sqlite_version_built_with(),
  };
}

bool is_word_of_sql(std::string_view name) {
  return sqlite3_keyword_check(name.data(), static_cast<int>(name.size())) != 0;
}

std::vector<SqliteTable> sqlite_tables(const std::filesystem::path& database) {
  Connection db(database, Connection::Use::Read);
  std::vector<SqliteTable> waiting, ordered;
  for (const auto& [name] : db.rows<std::string>(
           "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' AND name "
           "NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN (SELECT name FROM pragma_table_list "
           "WHERE schema = 'main' AND type IN ('virtual', 'shadow'))")) {
    SqliteTable& table = waiting.emplace_back(SqliteTable{name, {}, 0});
    for (const auto& [column] : db.rows<std::string>("SELECT name FROM pragma_table_info(?)", name))
      table.columns.push_back(column);
    if (const auto given =
            db.row<std::int64_t>("SELECT seq FROM sqlite_sequence WHERE name = ?", name))
      table.highest_number = std::get<0>(*given);
  }
  const auto waits_for = [&](const std::string& name) {
    return std::ranges::find(waiting, name, &SqliteTable::name) != waiting.end();
  };
  while (!waiting.empty()) {
    const auto next = std::ranges::find_if(waiting, [&](const SqliteTable& table) {
      const auto others = db.rows<std::string>(
          "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)", table.name);
      return std::ranges::none_of(others, [&](const auto& other) {
        return std::get<0>(other) != table.name && waits_for(std::get<0>(other));
      });
    });
    if (next == waiting.end())
      throw std::runtime_error("the tables refer to each other: " + waiting.front().name);
    ordered.push_back(std::move(*next));
    waiting.erase(next);
  }
  return ordered;
}

void read_sqlite(const std::filesystem::path& database, const std::function<void(Reader&)>& work) {
  Connection db(database, Connection::Use::Read);
  work(db.confined());
}

}  // namespace actiond
