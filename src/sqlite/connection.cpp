#include "sqlite/connection.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "sqlite/values.h"

namespace actiond {
namespace {

constexpr int busy_milliseconds = 2000;  // only a foreign writer can make us wait at all
constexpr const char* action_savepoint = "action";
constexpr int readers_milliseconds = 100;  // reads are short; a long one must not stop the writers

// Ends a statement's read or write lock on every way out.
class Running {
 public:
  explicit Running(sqlite3_stmt* statement) : statement_(statement) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

// Sets a flag, and puts back on the way out what it was.
class Flagged {
 public:
  explicit Flagged(bool& flag) : flag_(flag), before_(std::exchange(flag, true)) {}
  Flagged(const Flagged&) = delete;
  Flagged& operator=(const Flagged&) = delete;
  ~Flagged() { flag_ = before_; }

 private:
  bool& flag_;
  const bool before_;
};

}  // namespace

Connection::Connection(const std::filesystem::path& path, Use use) {
  // Statistics that nobody reads, for which each of SQLite's allocations would take one mutex of
  // the whole process.
  [[maybe_unused]] static const int unused = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* handle = nullptr;
  const int create = use == Use::Write ? SQLITE_OPEN_CREATE : 0;
  const int code = sqlite3_open_v2(
      path.c_str(), &handle,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | create, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  configure(use);
  authorize();
}

// SQLite asks while it prepares a statement, also when it prepares one again after the schema
// changed, and for each statement that another one runs inside, such as the ATTACH of VACUUM INTO.
void Connection::authorize() {
  const int code = sqlite3_set_authorizer(
      handle_.get(),
      [](void* self, int action, const char* what, const char* name, const char*, const char*) {
        if (!static_cast<const Connection*>(self)->confining_) return SQLITE_OK;
        switch (action) {
          case SQLITE_SAVEPOINT:
            return sqlite3_stricmp(name, action_savepoint) == 0 ? SQLITE_DENY : SQLITE_OK;
          case SQLITE_PRAGMA:
            // FTS5 asks it what it must not remember.
            return sqlite3_stricmp(what, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
          case SQLITE_TRANSACTION:
          case SQLITE_ATTACH:
          case SQLITE_DETACH: return SQLITE_DENY;
          default: return SQLITE_OK;
        }
      },
      this);
  if (code != SQLITE_OK) fail(code);
}

void Connection::configure(Use use) {
  sqlite3* db = handle_.get();
  sqlite3_busy_timeout(db, busy_milliseconds);
  for (const auto& [option, value] : {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                      {SQLITE_DBCONFIG_DQS_DML, 0},
                                      {SQLITE_DBCONFIG_DQS_DDL, 0},
                                      // Plans that no value changes: `LIKE ?` would be prepared
                                      // anew for each pattern.
                                      {SQLITE_DBCONFIG_ENABLE_QPSG, 1},
                                      {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}})
    if (const int code = sqlite3_db_config(db, option, value, nullptr); code != SQLITE_OK)
      fail(code);
  script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0;");
  script("PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON");
  script(use == Use::Read ? "PRAGMA cache_size=-256" : "PRAGMA cache_size=-4096");
  if (use != Use::Write) script("PRAGMA query_only=ON");
  sqlite3_wal_hook(
      db,
      [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Connection*>(self)->wal_frames_ = frames;
        return SQLITE_OK;
      },
      this);
}

void Connection::fail(int code, std::string_view sql) const {
  const bool is_newest = handle_ && sqlite3_extended_errcode(handle_.get()) == code;
  const char* said = is_newest ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
  std::string what = std::string("SQLite: ") + said + " (" + std::to_string(code) + ")";
  if (!sql.empty()) what.append(" in: ").append(sql);
  switch (code & 0xFF) {
    case SQLITE_AUTH:
      throw std::logic_error(
          "a handler's or reader's statement controls transactions, attaches a database or "
          "contains a PRAGMA: " +
          what);
    case SQLITE_IOERR: has_seen_device_error_ = true; throw DeviceError(what);
    case SQLITE_BUSY:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_FULL:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY: throw Unavailable(what);
    default: throw std::runtime_error(what);
  }
}

void Connection::script(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

void Connection::step(std::string_view sql) { execute(sql, {}); }

void Connection::begin() {
  step("BEGIN IMMEDIATE");
  began_ = true;
}

void Connection::commit() {
  step("COMMIT");
  began_ = false;
}

bool Connection::roll_back() noexcept try {
  began_ = false;
  if (in_transaction()) step("ROLLBACK");
  return true;
} catch (const std::exception&) {
  return false;
}

bool Connection::would_fail_to_commit() const {
  int violated = 0;
  int unused = 0;
  sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &violated, &unused, 0);
  return violated > 0;
}

void Connection::checkpoint() { checkpoint(SQLITE_CHECKPOINT_PASSIVE); }

void Connection::restart_log() {
  sqlite3_busy_timeout(handle_.get(), readers_milliseconds);
  checkpoint(SQLITE_CHECKPOINT_RESTART);
}

bool Connection::empty_log() { return checkpoint(SQLITE_CHECKPOINT_TRUNCATE); }

bool Connection::checkpoint(int mode) {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, mode, nullptr, nullptr);
  sqlite3_busy_timeout(handle_.get(), busy_milliseconds);
  if (code != SQLITE_OK && code != SQLITE_BUSY) fail(code);
  return code == SQLITE_OK;
}

// Includes the pages of a transaction that is still open.
void Connection::sync_file() {
  sqlite3* db = handle_.get();
  if (const int code = sqlite3_db_cacheflush(db); code != SQLITE_OK) fail(code);
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr) return;
  if (const int code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL); code != SQLITE_OK)
    fail(code);
}

void Connection::copy_to(Connection& target, int pages, const Between& between) {
  sqlite3* const to = target.handle_.get();
  struct Finish {
    void operator()(sqlite3_backup* copy) const { sqlite3_backup_finish(copy); }
  };
  std::unique_ptr<sqlite3_backup, Finish> copy(
      sqlite3_backup_init(to, "main", handle_.get(), "main"));
  if (!copy) target.fail(sqlite3_extended_errcode(to));
  int code;
  while ((code = sqlite3_backup_step(copy.get(), pages)) == SQLITE_OK) {
    target.sync_file();
    between(sqlite3_backup_remaining(copy.get()), sqlite3_backup_pagecount(copy.get()));
  }
  // The step does not leave its words with either connection; finishing does.
  sqlite3_backup_finish(copy.release());
  if (code != SQLITE_DONE) target.fail(code);
}

sqlite3_stmt* Connection::prepared(Statements& statements, std::string_view sql,
                                   std::span<const Value> values) {
  if (has_lost_transaction()) throw Unavailable("SQLite gave the transaction up");
  auto found = statements.find(sql);
  if (found == statements.end()) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &made, &rest);
    std::unique_ptr<sqlite3_stmt, Finalize> owned(made);
    if (code != SQLITE_OK) fail(code, sql);
    if (rest != sql.data() + sql.size())
      throw std::logic_error("one statement at a time: " + std::string(sql));
    found = statements.emplace(sql, std::move(owned)).first;
  }
  sqlite3_stmt* statement = found->second.get();
  if (sqlite3_stmt_readonly(statement) == 0) ++ran_.writes;
  // A statement that reads has columns.
  else if (sqlite3_column_count(statement) == 0)
    ++ran_.savepoints;
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(values.size()))
    throw std::logic_error("another number of values than the statement has places: " +
                           std::string(sql));
  for (std::size_t at = 0; at < values.size(); ++at)
    if (const int code = bind_value(statement, static_cast<int>(at) + 1, values[at]);
        code != SQLITE_OK)
      fail(code);
  return statement;
}

void Connection::query(std::string_view sql, std::span<const Value> values,
                       const std::function<bool(Row)>& visit) {
  query(statements_, sql, values, visit);
}

Transaction::Executed Connection::execute(std::string_view sql, std::span<const Value> values) {
  return execute(statements_, sql, values);
}

void Connection::Confined::query(std::string_view sql, std::span<const Value> values,
                                 const std::function<bool(Row)>& visit) {
  const Flagged confining(connection_.confining_);
  connection_.query(statements_, sql, values, visit);
}

Transaction::Executed Connection::Confined::execute(std::string_view sql,
                                                    std::span<const Value> values) {
  const Flagged confining(connection_.confining_);
  return connection_.execute(statements_, sql, values);
}

void Connection::query(Statements& statements, std::string_view sql, std::span<const Value> values,
                       const std::function<bool(Row)>& visit) {
  sqlite3_stmt* statement = prepared(statements, sql, values);
  const Running running(statement);
  std::vector<Value> row(static_cast<std::size_t>(sqlite3_column_count(statement)));
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    for (std::size_t at = 0; at < row.size(); ++at)
      row[at] = column_value(statement, static_cast<int>(at));
    if (!visit(row)) return;
  }
  if (code != SQLITE_DONE) fail(code, sql);
}

Transaction::Executed Connection::execute(Statements& statements, std::string_view sql,
                                          std::span<const Value> values) {
  sqlite3_stmt* statement = prepared(statements, sql, values);
  const Running running(statement);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
  }
  if (code != SQLITE_DONE) fail(code, sql);
  return {sqlite3_last_insert_rowid(handle_.get()), sqlite3_changes64(handle_.get())};
}

int sqlite_version() { return sqlite3_libversion_number(); }
int sqlite_version_built_with() { return SQLITE_VERSION_NUMBER; }

}  // namespace actiond
