#include "sqlite/engine.h"

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

void read_sqlite(const std::filesystem::path& database, const std::function<void(Reader&)>& work) {
  Connection db(database, Connection::Use::Read);
  work(db.confined());
}

}  // namespace actiond
