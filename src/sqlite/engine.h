// SQLite as the engine of a site, for the rooms above.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/engine.h"
#include "data/schema.h"
#include "files/upload_folder.h"

namespace actiond {

// Made after fork(): neither SQLite's handles nor its locks may cross one.
// Opens nothing yet: a database that is missing is made, and one that fails is tried again, by
// whoever asks next.  Without `uploads` no transaction keeps files; they and `watch` outlive it.
std::unique_ptr<Engine> sqlite_engine(std::filesystem::path database, Schema schema,
                                      const UploadFolder* uploads = nullptr,
                                      CommitWatch* watch = nullptr);

struct SqliteSizes {
  std::optional<std::uintmax_t> database, log;  // bytes; nothing when there is no such file
};
SqliteSizes sqlite_sizes(const std::filesystem::path& database);

// How a database that is there stands.
struct SqliteFacts {
  SchemaState schema;
  std::string journal_mode;
  int synchronous;                  // of a connection of ours: 2 is FULL
  int version, version_built_with;  // of SQLite: 3040001 for 3.40.1
};
SqliteFacts sqlite_facts(const std::filesystem::path& database, const Schema& schema);

// Whether a table or column of that name would have to be quoted.
bool is_word_of_sql(std::string_view name);

// A table that holds rows of the site.
struct SqliteTable {
  std::string name;
  std::vector<std::string> columns;
  std::int64_t highest_number = 0;  // that an AUTOINCREMENT gave; 0: it has none
};
// Each behind those that it refers to.
std::vector<SqliteTable> sqlite_tables(const std::filesystem::path& database);

// Reads a database that is there, and neither migrates it nor makes one.
void read_sqlite(const std::filesystem::path& database, const std::function<void(Reader&)>& work);

}  // namespace actiond
