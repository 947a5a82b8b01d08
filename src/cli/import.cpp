#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "base/count.h"
#include "cli/commands.h"
#include "cli/past.h"
#include "cli/shown_progress.h"
#include "files/kept_files.h"
#include "payment/night_rows.h"
#include "postgres/files.h"
#include "program/engine.h"
#include "program/program.h"
#include "sqlite/backup.h"
#include "sqlite/engine.h"

namespace actiond {
namespace {

// A folder that is gone at the end.
class Passage {
 public:
  explicit Passage(const std::filesystem::path& beside) {
    std::string pattern = (beside / "importing-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  ~Passage() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path database() const { return path_ / "site.db"; }

 private:
  std::filesystem::path path_;
};

std::int64_t copy_rows(const SqliteTable& table, Reader& from, Transaction& to,
                       ShownProgress& shown) {
  std::string columns;
  for (const std::string& column : table.columns)
    columns.append(columns.empty() ? "" : ", ").append(quoted_name(column));
  std::string places = "?";
  for (std::size_t at = 1; at < table.columns.size(); ++at) places += ", ?";
  const std::string insert =
      fmt::format("INSERT INTO {} ({}) VALUES ({})", quoted_name(table.name), columns, places);
  std::int64_t copied = 0;
  from.each_row(fmt::format("SELECT {} FROM {}", columns, quoted_name(table.name)), {},
                [&](Reader::Row row) {
                  to.add_row(insert, row);
                  shown.show(table.name, static_cast<std::uintmax_t>(++copied), 0);
                  return true;
                });
  return copied;
}

std::size_t copy_uploads(const std::filesystem::path& folder, Transaction& to,
                         ShownProgress& shown) {
  std::size_t copied = 0;
  if (!std::filesystem::exists(folder)) return copied;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || !is_kept_name(name)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    insert_file(to, name, [&file](std::size_t offset, char* into, std::size_t size) {
      file.clear();
      file.seekg(static_cast<std::streamoff>(offset));
      file.read(into, static_cast<std::streamsize>(size));
      if (file.bad()) throw std::runtime_error("an upload of the backup cannot be read");
      return static_cast<std::size_t>(file.gcount());
    });
    shown.show("uploads", ++copied, 0);
  }
  return copied;
}

// The next row gets a number that none ever had.
void go_on_counting(const SqliteTable& table, Transaction& to) {
  const auto identity = to.row<std::string>(
      "SELECT attname FROM pg_attribute WHERE attrelid = CAST(? AS regclass) AND attidentity <> ''",
      quoted_name(table.name));
  if (!identity) return;
  const std::string& column = std::get<0>(*identity);
  to.row<std::int64_t>(
      fmt::format("SELECT setval(pg_get_serial_sequence(?, ?)::regclass, greatest(?, (SELECT "
                  "coalesce(max({}), 0) FROM {})) + 1, false)",
                  quoted_name(column), quoted_name(table.name)),
      quoted_name(table.name), column, table.highest_number);
}

}  // namespace

void command::import_backup(const Settings& settings, const std::filesystem::path& file) {
  if (settings.postgres.empty())
    throw std::runtime_error(
        "store.database names no server: a backup comes back to SQLite by `restore`");
  const auto engine = engine_of(settings);
  const auto require_empty = [&](Reader& db) {
    if (db.row<std::int64_t>("SELECT id FROM users LIMIT 1"))
      throw std::runtime_error(
          fmt::format("{} has accounts already: nothing was moved", shown_place(settings)));
  };
  require_empty(engine->reader());  // before uploads are put back
  ShownProgress shown;
  const Passage passage(settings.database.parent_path());
  const Schema schema = schema_of(settings.site);
  restore(
      file, {passage.database(), settings.uploads}, schema, [](Transaction& tx) { make_past(tx); },
      current_time(), shown.watch());
  sqlite_engine(passage.database(), schema)->migrate();

  std::string moved;
  std::size_t uploads = 0;
  engine->run([&](Transaction& tx) {
    require_empty(tx);
    moved.clear();
    for (const SqliteTable& table : sqlite_tables(passage.database())) {
      if (table.name == "hosts") continue;  // they serve the former database
      std::int64_t rows = 0;
      read_sqlite(passage.database(),
                  [&](Reader& from) { rows = copy_rows(table, from, tx, shown); });
      go_on_counting(table, tx);
      if (rows > 0) moved += fmt::format("{}{} {}", moved.empty() ? "" : ", ", table.name, rows);
    }
    forget_nights(tx);
    uploads = copy_uploads(uploads_of(file), tx, shown);
  });
  shown.end();
  fmt::print("{}: moved from {}: {}; {}; all sessions and tokens ended\n", shown_place(settings),
             file.string(), moved.empty() ? "no rows" : moved, count(uploads, "upload"));
}

}  // namespace actiond
