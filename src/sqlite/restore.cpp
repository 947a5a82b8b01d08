#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "base/file_lock.h"
#include "base/program_name.h"
#include "files/durable.h"
#include "sqlite/backup.h"
#include "sqlite/connection.h"
#include "sqlite/migrations.h"
#include "sqlite/sound_copy.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

// A file that is gone unless it was put in its place.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) { remove(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { remove(); }

  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const char* suffix : {"", "-journal", "-wal", "-shm"})
      fs::remove(path_.string() + suffix, ignored);
  }

  fs::path path_;
};

using Columns = std::map<std::string, std::set<std::string>>;  // of each table

Columns columns_of(Connection& db) {
  Columns columns;
  for (const auto& [table, column] : db.rows<std::string, std::string>(
           "SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c "
           "WHERE t.type = 'table'"))
    columns[table].insert(column);
  return columns;
}

// A user_version says little: other programs count theirs as well.
void require_columns(Connection& backup, const Schema& schema, const fs::path& path) {
  Connection made(":memory:", Connection::Use::Write);
  migrate(made, schema);
  made.script("DROP TABLE migrations");  // an older backup has none
  const Columns there = columns_of(backup);
  const std::string refusal = path.string() + " is no backup of this site: it has no ";
  for (const auto& [table, columns] : columns_of(made)) {
    const auto found = there.find(table);
    if (found == there.end()) throw std::runtime_error(refusal + "table " + table);
    for (const std::string& column : columns)
      if (!found->second.contains(column))
        throw std::runtime_error(refusal + "column " + column + " of " + table);
  }
}

// Ready to be copied.  Throws when it is no backup that this program can serve.
std::unique_ptr<Connection> open_backup(const fs::path& path, const Schema& schema) {
  if (access(path.c_str(), R_OK) != 0)
    throw std::runtime_error(
        errno == ENOENT ? "there is no backup " + path.string()
                        : fmt::format("{} cannot be read: {}", path.string(), strerror(errno)));
  const std::string refusal = path.string() + " is no backup of an actiond site";
  std::unique_ptr<Connection> backup;
  try {
    backup = std::make_unique<Connection>(path, Connection::Use::Read);
    if (std::get<0>(*backup->row<int>("PRAGMA user_version")) <= 0)
      throw std::runtime_error("no migration ran on it");
  } catch (const std::exception& error) {
    throw std::runtime_error(refusal + ": " + error.what());
  }
  const SchemaState state = [&] {
    try {
      return schema_state(*backup, schema);
    } catch (const std::exception&) {
      throw std::runtime_error(refusal + ": its tables are others, or cannot be read");
    }
  }();
  for (const std::string* why : {&state.newer, &state.unknown})
    if (!why->empty()) throw std::runtime_error(path.string() + ": " + *why);
  require_columns(*backup, state.ran, path);
  return backup;
}

// Afterwards the database is one file, its log inside it; whoever has it open is told from its
// lock.  One that cannot be read any more is taken as it is, its log beside it.
void close_log(const fs::path& database) {
  try {
    Connection former(database, Connection::Use::Read);
    former.script("PRAGMA query_only=OFF; PRAGMA busy_timeout=0");
    if (std::get<0>(*former.row<std::string>("PRAGMA journal_mode=DELETE")) == "delete") return;
    throw std::runtime_error("locked");
  } catch (const std::exception& error) {
    const std::string_view what = error.what();
    if (what.find("locked") != what.npos)
      throw std::runtime_error("somebody uses " + database.string() + ": end that first");
  }
}

fs::path free_name(const fs::path& database, Time now) {
  const std::string name = database.string() + ".before-" + to_rfc3339(now);
  for (int more = 1;; ++more) {
    const fs::path candidate = more == 1 ? name : fmt::format("{}.{}", name, more);
    if (!fs::exists(candidate)) return candidate;
  }
}

// The database that is there, under another name as well; SQLite's files beside it likewise, if
// it could not be closed.
std::optional<fs::path> keep_former(const fs::path& database, Time now) {
  if (!fs::exists(database)) return std::nullopt;
  close_log(database);
  const fs::path former = free_name(database, now);
  fs::create_hard_link(database, former);
  if (fs::exists(database.string() + "-wal"))
    fs::rename(database.string() + "-wal", former.string() + "-wal");
  fs::remove(database.string() + "-shm");
  sync_folder(database.parent_path());
  return former;
}

std::optional<std::size_t> restore_uploads(const fs::path& from, const fs::path& into,
                                           const CopyWatch& watch) {
  if (!fs::exists(from)) return std::nullopt;
  mkdir(into.c_str(), 0700);  // if it cannot be, the copies say so
  std::size_t restored = 0;
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path place = into / entry.path().filename();
    if (!fs::is_regular_file(entry.symlink_status()) ||
        fs::symlink_status(place).type() != fs::file_type::not_found)
      continue;
    copy_file(open_file(entry.path(), O_RDONLY | O_NOFOLLOW), place);
    watch("uploads", ++restored, 0);
  }
  sync_folder(into);
  return restored;
}

}  // namespace

Restored restore(const fs::path& backup, const DataPlaces& data, const Schema& schema,
                 const std::function<void(Transaction&)>& change, Time now,
                 const CopyWatch& watch) {
  const fs::path folder = data.database.parent_path();
  std::error_code missing;
  if (fs::equivalent(backup, data.database, missing))
    throw std::runtime_error(backup.string() + " is the database itself");

  FileLock lock(lock_path(data.database));
  if (!lock.try_lock(lock_byte::server))
    throw std::runtime_error(
        fmt::format("a server uses {0}, stop it first: {1}; under systemd, `systemctl stop "
                    "{2}.socket {2}.service "
                    "{2}-courier.service`",
                    data.database.string(), lock.read_holder(), program_name()));

  const Draft draft(data.database.string() + ".restoring");
  Restored restored{};
  {
    const auto source = open_backup(backup, schema);
    source->step("BEGIN");
    make_sound_copy(*source, draft.path(), change, watch);
    source->step("COMMIT");
  }
  restored.uploads = restore_uploads(uploads_of(backup), data.uploads, watch);

  lock.lock(lock_byte::write_lock);
  restored.former = keep_former(data.database, now);
  fs::rename(draft.path(), data.database);
  sync_folder(folder);
  return restored;
}

}  // namespace actiond
