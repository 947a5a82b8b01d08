// One SQLite connection and its prepared statements.
//
// Written against sqlite3.h rather than SQLiteCpp: text is bound where it lies instead of copied
// twice, and statements are prepared as persistent.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/store.h"

namespace actiond {

// The device failed to write, read or sync.
class DeviceError final : public Unavailable {
 public:
  using Unavailable::Unavailable;
};

// Errors: Unavailable when the database is busy, full, failing, unreadable or read-only;
// std::runtime_error, with SQLite's words, when the statement itself is wrong.
class Connection final : public Transaction {
 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Statements = std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, Hash,
                                        std::equal_to<>>;

 public:
  // A connection that is read from all the time and the one that writes keep 4 MiB of the database
  // in memory, others, of which there may be many, 256 KiB.
  enum class Use { Read, ReadOften, Write };

  // The connection as handlers and readers get it: their statements read and write rows, and may
  // use savepoints of their own.  One that begins or ends the transaction, names the savepoint
  // `action`, attaches a database or contains a PRAGMA throws std::logic_error and has no effect.
  class Confined final : public Transaction {
   public:
    explicit Confined(Connection& connection) : connection_(connection) {}

    void query(std::string_view sql, std::span<const Value> values,
               const std::function<bool(Row)>& visit) override;
    Executed execute(std::string_view sql, std::span<const Value> values) override;

   private:
    Connection& connection_;
    Statements statements_;  // apart: one prepared by the connection itself needs no permission
  };

  // Makes the file when it is missing and `use` is Write.
  Connection(const std::filesystem::path& path, Use use);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Statements without values, one or more.
  void script(const std::string& sql);
  // One prepared statement without values or rows: BEGIN, COMMIT, SAVEPOINT, ….
  void step(std::string_view sql);

  // A write transaction.  When SQLite gives it up by itself, as a full disk can make it, every
  // statement before `roll_back` throws Unavailable: none may slip out and commit on its own.
  void begin();
  void commit();
  // Throws nothing, so that the error that leads to it is the one that is told.  False when it
  // failed: then this connection is of no more use.
  bool roll_back() noexcept;
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  bool has_lost_transaction() const { return began_ && !in_transaction(); }
  // Whether any call failed in the device, even when its exception was caught.
  bool has_seen_device_error() const { return has_seen_device_error_; }
  // A foreign key that is checked at the commit does not hold.
  bool would_fail_to_commit() const;

  // Frames in the write-ahead log after the last commit of this connection.
  int wal_frames() const { return wal_frames_; }
  // Copies what no reader holds back into the database, without waiting for anyone.  Only the
  // holder of the write lock may call it.
  void checkpoint();
  // The same, and waits a moment for readers to end, so that the next commit begins the log anew
  // even when there is never a time without readers.
  void restart_log();
  // The same, and the log is an empty file then; false when readers do not end.
  bool empty_log();
  // Statements that wrote, or tried to, and those that began or ended savepoints.
  struct Ran {
    std::uint64_t writes = 0, savepoints = 0;
  };
  const Ran& ran() const { return ran_; }
  // Rows that were changed through this connection, those of an index included.
  std::int64_t total_changes() const { return sqlite3_total_changes64(handle_.get()); }

  // Copies the whole database over `target`, as the transaction that this one is in sees it, in
  // pieces of `pages`; `between` runs behind each, when it is on `target`'s disk, with how many
  // pages are left of all.
  using Between = std::function<void(int left, int all)>;
  void copy_to(Connection& target, int pages, const Between& between);

  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override;
  Executed execute(std::string_view sql, std::span<const Value> values) override;

  Confined& confined() { return confined_; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };

  void query(Statements& statements, std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit);
  Executed execute(Statements& statements, std::string_view sql, std::span<const Value> values);
  sqlite3_stmt* prepared(Statements& statements, std::string_view sql,
                         std::span<const Value> values);
  // Tells the statement, which holds no values.
  [[noreturn]] void fail(int code, std::string_view sql = "") const;
  void configure(Use use);
  void authorize();
  bool checkpoint(int mode);  // whether all of it was done
  void sync_file();

  std::unique_ptr<sqlite3, Close> handle_;
  Statements statements_;
  Confined confined_{*this};
  bool confining_ = false;  // while a statement of `confined_` is prepared or runs
  int wal_frames_ = 0;
  Ran ran_;
  bool began_ = false;
  mutable bool has_seen_device_error_ = false;
};

// The SQLite that runs, and the one whose header this was compiled with: 3040001 for 3.40.1.
int sqlite_version();
int sqlite_version_built_with();

}  // namespace actiond
