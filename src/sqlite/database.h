// Store over SQLite: readers that are lent, and one writer in the whole pool at a time.
//
// Works that write are queued, and no thread waits for them.  The thread that calls `commit` takes
// the write lock, which one process holds at a time, and runs the queue in one transaction, each
// work alone to undo what it wrote: see `run_next`; one commit and one sync serve them all.
// Meanwhile the queue grows for the next.  Every checkpoint happens under the write lock too, so
// SQLite's WAL-reset race (before 3.51.3) has no room.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/file_lock.h"
#include "base/thread_annotations.h"
#include "data/engine.h"
#include "data/schema.h"
#include "files/kept_files.h"
#include "sqlite/checkpoints.h"
#include "sqlite/connection.h"

namespace actiond {

class Database final : public Engine {
 public:
  // As `sqlite_engine` says.
  Database(std::filesystem::path path, Schema schema, const UploadFolder* uploads = nullptr,
           CommitWatch* watch = nullptr);

  Reader& reader() override;
  void snapshot(const std::function<void(Reader&)>& work) override;
  void queue(Work work, Done done, Isolation isolation) override;
  bool is_waiting() override;
  void commit() override;

  void open() override { migrate(); }
  int migrate() override;
  SchemaState schema_state() override;
  void rehearse() override;
  void begin_round() override { reads_round_.exchange(std::this_thread::get_id()); }
  void end_round() noexcept override;
  bool leave_no_trace() override;
  bool has_failed() const override { return failed_; }
  void when_failed(std::function<void()> tell) override { tell_failed_ = std::move(tell); }

 private:
  struct Queued {
    Queued(Work work_to_do, Done tell, const UploadFolder* uploads)
        : work(std::move(work_to_do)), done(std::move(tell)), files(uploads) {}

    Work work;
    Done done;
    KeptFiles files;
    std::exception_ptr error = nullptr;
  };
  using Batch = std::list<Queued>;

  // A connection to read with, for as long as this lives.  The one that came back last is lent
  // first: few are ever opened, and their caches stay warm.
  class Lent {
   public:
    explicit Lent(Database& database) : database_(database), connection_(database.lend()) {}
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    ~Lent() { database_.take_back(std::move(connection_)); }

    Connection& operator*() const { return *connection_; }

   private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
  };

  // The connection of all rounds, whose transaction begins with the first statement of each.  Not
  // for a statement inside another one: it may be the same, which runs once at a time.
  class OfRound {
   public:
    explicit OfRound(Database& database);
    OfRound(const OfRound&) = delete;
    OfRound& operator=(const OfRound&) = delete;
    ~OfRound() {
      database_.in_statement_of_round_ = false;
      database_.round_ = std::move(connection_);
    }

    Connection& operator*() const { return *connection_; }

   private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
  };

  // Borrows for each statement, or for each round.
  class BorrowingReader final : public Reader {
   public:
    explicit BorrowingReader(Database& database) : database_(database) {}

   protected:
    void query(std::string_view sql, std::span<const Value> values,
               const std::function<bool(Row)>& visit) override;

   private:
    Database& database_;
  };

  bool reads_in_round() const;
  std::unique_ptr<Connection> lend();
  void take_back(std::unique_ptr<Connection> connection) noexcept;
  void commit_together(Batch& batch);
  Queued* take(Batch& batch);
  void note_queue() const REQUIRES(mutex_);
  void run_next(Batch& batch);
  void run_alone(Queued& queued);
  bool run_together(Queued& queued);
  Verdict run(Queued& queued);
  int open_writer();
  void sync_uploads();
  void note_failure() noexcept;

  const std::filesystem::path path_;
  const Schema schema_;
  const UploadFolder* const uploads_;
  CommitWatch* const watch_;
  std::function<void()> tell_failed_ = [] {};
  BorrowingReader reader_{*this};

  Mutex opening_;
  std::atomic<bool> opened_ = false;
  std::chrono::steady_clock::time_point next_try_ GUARDED_BY(opening_) = {};
  std::string last_failure_ GUARDED_BY(opening_);

  Mutex lending_;
  std::vector<std::unique_ptr<Connection>> idle_readers_ GUARDED_BY(lending_);

  std::atomic<std::thread::id> reads_round_ = std::thread::id();  // no thread's: no round
  // Of that thread, while none of its statements runs; a thread that leads later sees it by
  // `reads_round_`.
  std::unique_ptr<Connection> round_;
  bool in_statement_of_round_ = false;

  Mutex mutex_;
  Batch queue_ GUARDED_BY(mutex_);
  bool committing_ GUARDED_BY(mutex_) = false;
  std::atomic<bool> failed_ = false;

  // Used by whoever commits, and by nobody else.
  std::optional<FileLock> lock_file_;
  std::unique_ptr<Connection> writer_;
  Checkpoints checkpoints_;
  int left_alone_ = 0;  // works that run alone before some run together again
};

}  // namespace actiond
