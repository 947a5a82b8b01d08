#include "sqlite/database.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "base/shared_folder.h"
#include "files/durable.h"
#include "files/transaction_with_files.h"
#include "sqlite/migrations.h"
#include "sqlite/no_trace.h"
#include "sqlite/write_lock.h"

namespace actiond {
namespace {

// A batch is bounded so that its first work does not wait for a stranger's whole queue.  All that
// nginx has under way at a time fit in one: nobody waits for more than the batch that runs and his
// own.
constexpr std::size_t max_batch = 512;
constexpr std::chrono::milliseconds max_batch_time(20);
// Behind a work that let others run again: whoever sends many such holds up nobody twice as long.
constexpr int most_left_alone = 500;
constexpr std::chrono::seconds between_tries(1);

}  // namespace

Database::Database(std::filesystem::path path, Schema schema, const UploadFolder* uploads,
                   CommitWatch* watch)
    : path_(std::move(path)), schema_(std::move(schema)), uploads_(uploads), watch_(watch) {}

int Database::migrate() {
  if (opened_) return 0;
  const MutexLock lock(opening_);
  if (opened_) return 0;
  const auto now = std::chrono::steady_clock::now();
  // Another try would find in the kernel's cache what may not be on disk.
  if (failed_ || now < next_try_) throw Unavailable(last_failure_);
  try {
    const int migrated = open_writer();
    opened_ = true;
    return migrated;
  } catch (const std::exception& error) {
    next_try_ = now + between_tries;
    last_failure_ = error.what();
    if (writer_ && writer_->has_seen_device_error()) note_failure();
    lock_file_.reset();
    writer_.reset();
    throw Unavailable(last_failure_);
  }
}

int Database::open_writer() {
  lock_file_.emplace(lock_path(path_));
  const WriteLock lock(*lock_file_);
  // Its mode is that of the files that SQLite makes beside it.  A close drops nobody's locks here.
  if (is_in_shared_folder(path_) && !std::filesystem::exists(path_))
    share_in_folder(open_file(path_, O_WRONLY | O_CREAT | O_EXCL).get(), path_);
  writer_ = std::make_unique<Connection>(path_, Connection::Use::Write);
  return actiond::migrate(*writer_, schema_);
}

SchemaState Database::schema_state() {
  Connection db(path_, Connection::Use::Read);
  return actiond::schema_state(db, schema_);
}

void Database::rehearse() {
  if (!std::filesystem::exists(path_)) return;  // it will be made
  FileLock file(lock_path(path_));
  const WriteLock lock(file);
  Connection db(path_, Connection::Use::Write);
  actiond::rehearse(db, schema_);
}

bool Database::leave_no_trace() {
  open();
  return actiond::leave_no_trace(path_);
}

Reader& Database::reader() {
  open();
  return reader_;
}

std::unique_ptr<Connection> Database::lend() {
  open();
  {
    const MutexLock lock(lending_);
    if (!idle_readers_.empty()) {
      auto warmest = std::move(idle_readers_.back());
      idle_readers_.pop_back();
      return warmest;
    }
  }
  return std::make_unique<Connection>(path_, Connection::Use::Read);
}

void Database::take_back(std::unique_ptr<Connection> connection) noexcept {
  // The next reader would not see the newest data.
  if (connection->in_transaction()) return;
  const MutexLock lock(lending_);
  idle_readers_.push_back(std::move(connection));
}

void Database::BorrowingReader::query(std::string_view sql, std::span<const Value> values,
                                      const std::function<bool(Row)>& visit) {
  if (database_.reads_in_round()) return (*OfRound(database_)).confined().query(sql, values, visit);
  const Lent lent(database_);
  (*lent).confined().query(sql, values, visit);
}

bool Database::reads_in_round() const {
  return reads_round_ == std::this_thread::get_id() && !in_statement_of_round_;
}

Database::OfRound::OfRound(Database& database)
    : database_(database), connection_(std::move(database.round_)) {
  if (!connection_) {
    database_.open();
    connection_ = std::make_unique<Connection>(database_.path_, Connection::Use::ReadOften);
  }
  if (!connection_->in_transaction()) connection_->step("BEGIN");
  database_.in_statement_of_round_ = true;
}

void Database::end_round() noexcept {
  if (reads_round_ != std::this_thread::get_id()) return;
  // The next round would not see the newest data.
  if (round_ && !round_->roll_back()) round_.reset();
  reads_round_ = std::thread::id();
}

void Database::snapshot(const std::function<void(Reader&)>& work) {
  if (reads_in_round()) return work((*OfRound(*this)).confined());
  const Lent lent(*this);
  Connection& db = *lent;
  db.step("BEGIN");
  try {
    work(db.confined());
  } catch (...) {
    db.roll_back();  // one that fails leaves the transaction open: `take_back` closes the
                     // connection
    throw;
  }
  db.step("COMMIT");
}

void Database::queue(Work work, Done done, Isolation) {
  open();
  if (failed_) throw Unavailable("an earlier write failed; this worker is being replaced");
  const MutexLock lock(mutex_);
  queue_.emplace_back(std::move(work), std::move(done), uploads_);
  note_queue();
}

void Database::note_queue() const {
  if (watch_ != nullptr) watch_->note_queue(queue_.size());
}

bool Database::is_waiting() {
  const MutexLock lock(mutex_);
  return !committing_ && !queue_.empty();
}

void Database::commit() {
  MutexLock lock(mutex_);
  while (!committing_ && !queue_.empty()) {
    committing_ = true;
    lock.unlock();
    Batch batch;
    commit_together(batch);
    lock.lock();
    committing_ = false;
    lock.unlock();
    // Another thread may commit meanwhile.
    for (Queued& queued : batch) queued.done(std::move(queued.error));
    batch.clear();
    lock.lock();
  }
}

// The next of the queue, or null.
Database::Queued* Database::take(Batch& batch) {
  const MutexLock lock(mutex_);
  if (queue_.empty()) return nullptr;
  batch.splice(batch.end(), queue_, queue_.begin());
  note_queue();
  return &batch.back();
}

// Throws nothing: an error goes to all in the batch.
void Database::commit_together(Batch& batch) {
  using Clock = std::chrono::steady_clock;
  const auto came = Clock::now();
  try {
    const WriteLock lock(*lock_file_);
    const auto entered = Clock::now();
    auto written = entered;
    try {
      writer_->begin();
      const auto end = entered + max_batch_time;
      // Also those that come while this runs.
      while (take(batch)) {
        run_next(batch);
        if (batch.size() == max_batch || Clock::now() > end) break;
      }
      const bool keeps = std::any_of(batch.begin(), batch.end(),
                                     [](const Queued& queued) { return queued.files.has_kept(); });
      if (keeps) sync_uploads();
      written = Clock::now();
      writer_->commit();
    } catch (...) {
      if (!writer_->roll_back()) note_failure();
      throw;
    }
    if (watch_ != nullptr)
      watch_->note_commit({.batch = batch.size(),
                           .wait = entered - came,
                           .write = written - entered,
                           .sync = Clock::now() - written});
    for (Queued& queued : batch) queued.files.commit();
    checkpoints_.make_when_due(*writer_);
  } catch (const std::exception& error) {
    // When the lock was not to be had, all that wait for it are told.
    if (batch.empty())
      while (take(batch) != nullptr) {
      }
    for (Queued& queued : batch)
      if (!queued.error) queued.error = std::make_exception_ptr(Unavailable(error.what()));
  }
  if (writer_->has_seen_device_error()) note_failure();
}

// The last of the batch.  In a savepoint SQLite copies each page that a work changes, which costs
// more than its statements, and few works undo what they wrote.  So those behind the first run
// together, without one; when one of them has something to undo, all run again, each in its own.
void Database::run_next(Batch& batch) {
  const bool is_alone = batch.size() == 1 || left_alone_ > 0;
  if (left_alone_ > 0) --left_alone_;
  if (is_alone) return run_alone(batch.back());
  if (run_together(batch.back())) return;
  left_alone_ = most_left_alone;
  if (!writer_->roll_back()) throw Unavailable("SQLite did not undo a transaction");
  for (Queued& queued : batch) queued.files.undo();
  writer_->begin();
  for (Queued& queued : batch) run_alone(queued);
}

void Database::run_alone(Queued& queued) {
  writer_->step("SAVEPOINT action");
  if (run(queued) == Verdict::Undo) {
    writer_->step("ROLLBACK TO action");
    queued.files.undo();
  }
  writer_->step("RELEASE action");
}

// False when it cannot stay as it is.  A savepoint of its own that it left would be its
// neighbour's.
bool Database::run_together(Queued& queued) {
  const Connection::Ran before = writer_->ran();
  const Verdict verdict = run(queued);
  const Connection::Ran& after = writer_->ran();
  if (after.savepoints != before.savepoints) return false;
  if (verdict == Verdict::Undo) queued.files.undo();
  return verdict == Verdict::Keep || after.writes == before.writes;
}

// Answers what is to become of what it wrote.
Verdict Database::run(Queued& queued) {
  Verdict verdict = Verdict::Undo;
  queued.error = nullptr;
  try {
    TransactionWithFiles<Connection::Confined> tx(writer_->confined(), queued.files);
    verdict = queued.work(tx);
  } catch (const DeviceError&) {
    throw;
  } catch (...) {
    queued.error = std::current_exception();
  }
  // A full disk or an I/O error can end the whole transaction; then nobody's writes are there.
  if (writer_->has_lost_transaction()) throw Unavailable("SQLite gave the transaction up");
  if (verdict == Verdict::Undo || !writer_->would_fail_to_commit()) return verdict;
  queued.error = std::make_exception_ptr(std::runtime_error("a foreign key does not hold"));
  return Verdict::Undo;
}

// A folder whose sync failed may lose the names of files that later rows refer to.
void Database::sync_uploads() {
  try {
    uploads_->sync();
  } catch (const Unavailable&) {
    note_failure();
    throw;
  }
}

void Database::note_failure() noexcept {
  if (!failed_.exchange(true)) tell_failed_();
}

}  // namespace actiond
