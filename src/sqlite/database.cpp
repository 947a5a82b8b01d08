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
// 4 MiB of 4 KiB pages: a checkpoint stays short, and the log small.
constexpr int checkpoint_every_frames = 1000;
// By then a checkpoint would have sufficed, had there been a moment without readers.
constexpr int restart_at_frames = 2 * checkpoint_every_frames;
constexpr std::chrono::seconds between_tries(1);

}  // namespace

Database::Database(std::filesystem::path path, Schema schema, const UploadFolder* uploads,
                   CommitWatch* watch)
    : path_(std::move(path)), schema_(std::move(schema)), uploads_(uploads), watch_(watch),
      checkpoint_at_frames_(checkpoint_every_frames) {}

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
      while (Queued* next = take(batch)) {
        run_alone(*writer_, *next);
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
    checkpoint_when_due();
  } catch (const std::exception& error) {
    if (writer_->has_seen_device_error()) note_failure();
    // When the lock was not to be had, all that wait for it are told.
    if (batch.empty())
      while (take(batch) != nullptr) {
      }
    for (Queued& queued : batch)
      if (!queued.error) queued.error = std::make_exception_ptr(Unavailable(error.what()));
  }
}

void Database::run_alone(Connection& db, Queued& queued) {
  db.step("SAVEPOINT action");
  Verdict verdict = Verdict::Undo;
  try {
    TransactionWithFiles<Connection::Confined> tx(db.confined(), queued.files);
    verdict = queued.work(tx);
  } catch (const DeviceError&) {
    throw;
  } catch (...) {
    queued.error = std::current_exception();
  }
  // A full disk or an I/O error can end the whole transaction; then nobody's writes are there.
  if (db.has_lost_transaction()) throw Unavailable("SQLite gave the transaction up");
  if (verdict == Verdict::Keep && db.would_fail_to_commit()) {
    queued.error = std::make_exception_ptr(std::runtime_error("a foreign key does not hold"));
    verdict = Verdict::Undo;
  }
  if (verdict == Verdict::Undo) {
    db.step("ROLLBACK TO action");
    queued.files.undo();
  }
  db.step("RELEASE action");
}

void Database::checkpoint_when_due() {
  if (writer_->wal_frames() < checkpoint_at_frames_) {
    checkpoint_at_frames_ =
        std::max(checkpoint_every_frames,
                 std::min(checkpoint_at_frames_, writer_->wal_frames() + checkpoint_every_frames));
    return;
  }
  // Readers may hold some of it back: the next try comes after as much again.
  checkpoint_at_frames_ = writer_->wal_frames() + checkpoint_every_frames;
  try {
    if (writer_->wal_frames() < restart_at_frames)
      writer_->checkpoint();
    else
      writer_->restart_log();
  } catch (const std::exception&) {
    // The commits stay in the log, synced.
  }
  if (writer_->has_seen_device_error()) note_failure();
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
