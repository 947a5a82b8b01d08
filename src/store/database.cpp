#include "store/database.h"

#include <algorithm>
#include <atomic>
#include <utility>

namespace actiond {
namespace {

// A batch is bounded so that nobody waits for a stranger's whole queue.
constexpr std::size_t max_batch = 64;
// 4 MiB of 4 KiB pages: a checkpoint stays short, and the log small.
constexpr int checkpoint_every_frames = 1000;
constexpr std::chrono::seconds between_tries(1);

// The write gate, passed and left again on every way out.
class GateHold {
 public:
  explicit GateHold(FileLock& gate) : gate_(gate) { gate_.lock(lock_byte::write_gate); }
  GateHold(const GateHold&) = delete;
  GateHold& operator=(const GateHold&) = delete;
  ~GateHold() { gate_.unlock(lock_byte::write_gate); }

 private:
  FileLock& gate_;
};

std::uint64_t next_instance() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

// The batch's transaction as one action sees it: with files of its own.
class ActionTransaction final : public Transaction {
 public:
  ActionTransaction(Connection& db, KeptFiles& files) : db_(db), files_(files) {}

  std::string keep(const File& file) override { return files_.keep(file); }
  void discard(std::string_view name) override { files_.discard(name); }

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    db_.query(sql, values, visit);
  }
  Executed execute(std::string_view sql, std::span<const Value> values) override {
    return db_.execute(sql, values);
  }

 private:
  Connection& db_;
  KeptFiles& files_;
};

}  // namespace

Database::Database(std::filesystem::path path, std::span<const Migration> migrations,
                   const UploadFolder* uploads)
    : path_(std::move(path)), migrations_(migrations), uploads_(uploads),
      instance_(next_instance()), checkpoint_at_frames_(checkpoint_every_frames) {}

int Database::open() {
  const std::lock_guard lock(opening_);
  if (opened_) return 0;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_try_) throw Unavailable(last_failure_);
  try {
    const int migrated = open_writer();
    opened_ = true;
    return migrated;
  } catch (const std::exception& error) {
    next_try_ = now + between_tries;
    last_failure_ = error.what();
    gate_.reset();
    writer_.reset();
    throw Unavailable(last_failure_);
  }
}

int Database::open_writer() {
  gate_.emplace(lock_path(path_));
  const GateHold hold(*gate_);
  writer_ = std::make_unique<Connection>(path_, Connection::Use::Write);
  return migrate(*writer_, migrations_);
}

Connection& Database::thread_reader() {
  thread_local std::pair<std::uint64_t, std::unique_ptr<Connection>> mine;
  if (mine.first != instance_ || !mine.second) {
    open();
    mine.second = std::make_unique<Connection>(path_, Connection::Use::Read);
    mine.first = instance_;
  }
  return *mine.second;
}

Reader& Database::reader() { return thread_reader(); }

void Database::snapshot(const std::function<void(Reader&)>& work) {
  Connection& db = thread_reader();
  db.step("BEGIN");
  try {
    work(db);
  } catch (...) {
    db.step("ROLLBACK");
    throw;
  }
  db.step("COMMIT");
}

void Database::write(const Work& work) {
  open();
  Waiter me{work, KeptFiles(uploads_)};
  std::unique_lock lock(mutex_);
  queue_.push_back(&me);
  if (led_) me.turn.wait(lock, [&me] { return me.done || me.leads; });
  if (!me.done) lead(lock);
  if (me.error) std::rethrow_exception(me.error);
}

// Whoever leads stands first in the queue, so its own work is in the batch.
void Database::lead(std::unique_lock<std::mutex>& lock) {
  led_ = true;
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), max_batch));
  const std::vector<Waiter*> batch(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
  lock.unlock();
  commit_together(batch);
  lock.lock();
  for (Waiter* waiter : batch) {
    waiter->done = true;
    waiter->turn.notify_one();
  }
  led_ = !queue_.empty();
  if (!led_) return;
  queue_.front()->leads = true;
  queue_.front()->turn.notify_one();
}

// Whoever waits must come back: nothing is thrown here.
void Database::commit_together(const std::vector<Waiter*>& batch) {
  try {
    const GateHold hold(*gate_);
    try {
      writer_->begin();
      for (Waiter* waiter : batch) run_alone(*writer_, *waiter);
      const bool keeps = std::any_of(batch.begin(), batch.end(),
                                     [](const Waiter* waiter) { return waiter->files.has_kept(); });
      if (keeps) uploads_->sync();
      writer_->commit();
    } catch (...) {
      writer_->roll_back();
      throw;
    }
    for (Waiter* waiter : batch) waiter->files.commit();
    checkpoint_when_due();
  } catch (const std::exception& error) {
    for (Waiter* waiter : batch)
      if (!waiter->error) waiter->error = std::make_exception_ptr(Unavailable(error.what()));
  }
}

void Database::run_alone(Connection& db, Waiter& waiter) {
  db.step("SAVEPOINT action");
  Verdict verdict = Verdict::Undo;
  try {
    ActionTransaction tx(db, waiter.files);
    verdict = waiter.work(tx);
  } catch (...) {
    waiter.error = std::current_exception();
  }
  // A full disk or an I/O error can end the whole transaction; then nobody's writes are there.
  if (db.has_lost_transaction()) throw Unavailable("SQLite gave the transaction up");
  if (verdict == Verdict::Keep && db.would_fail_to_commit()) {
    waiter.error = std::make_exception_ptr(std::runtime_error("a foreign key does not hold"));
    verdict = Verdict::Undo;
  }
  if (verdict == Verdict::Undo) {
    db.step("ROLLBACK TO action");
    waiter.files.undo();
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
    writer_->checkpoint();
  } catch (const std::exception&) {
    // What is committed stays in the log, and is safe there.
  }
}

}  // namespace actiond
