#include "postgres/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "base/crypto.h"
#include "postgres/engine.h"
#include "postgres/files.h"
#include "postgres/migrations.h"

namespace actiond {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int most_running = connections_of_a_worker;
constexpr seconds between_openings(1);
constexpr seconds for_a_work(15);  // nobody waits for the answer any longer
constexpr int most_runs = 25;      // by then 15 seconds are over, or it never comes to pass
constexpr std::size_t commit_id_bytes = 16;
// By then every work that could ask for its id has given up.
constexpr int commit_ids_kept_seconds = 3600;
constexpr unsigned sweep_every = 256;  // commits

// The transaction as one action sees it: with files of its own.
class ActionTransaction final : public Transaction {
 public:
  ActionTransaction(PostgresConnection& db, KeptFiles& files) : db_(db), files_(files) {}

  std::string keep(const File& file) override {
    std::string name = files_.keep(file);
    insert_file(db_, name, [&file](std::size_t offset, char* into, std::size_t size) {
      return file.bytes->read(offset, into, size);
    });
    return name;
  }
  void discard(std::string_view name) override {
    files_.discard(name);
    delete_file(db_, name);
  }
  std::string_view holding_account() const override { return db_.holding_account(); }

 protected:
  void query(std::string_view sql, std::span<const Value> values,
             const std::function<bool(Row)>& visit) override {
    db_.query(sql, values, visit);
  }
  Executed execute(std::string_view sql, std::span<const Value> values) override {
    return db_.execute(sql, values);
  }
  void execute_later(std::string_view sql, std::span<const Value> values) override {
    db_.execute_later(sql, values);
  }

 private:
  PostgresConnection& db_;
  KeptFiles& files_;
};

// Works that met each other do not meet again at once.
void pause_before_run(int run) {
  thread_local std::minstd_rand chance(std::random_device{}());
  const int longest = 2 << std::min(run, 8);  // 4 ms, 8 ms, … half a second
  std::this_thread::sleep_for(std::uniform_int_distribution<int>(0, longest)(chance) *
                              milliseconds(1));
}

}  // namespace

PostgresServer::PostgresServer(std::string url, Schema schema, const UploadFolder* uploads,
                               CommitWatch* watch)
    : connections_(std::move(url)), schema_(std::move(schema)), uploads_(uploads), watch_(watch) {}

void PostgresServer::open() {
  if (opened_) return;
  const MutexLock lock(opening_);
  if (opened_) return;
  const auto now = Clock::now();
  if (now < next_try_) throw Unavailable(last_failure_);
  try {
    rehearse();
    opened_ = true;
  } catch (const std::exception& error) {
    next_try_ = now + between_openings;
    last_failure_ = error.what();
    throw Unavailable(last_failure_);
  }
}

int PostgresServer::migrate() {
  connections_.about_to_wait();
  return actiond::migrate(*connections_.connect(), schema_);
}

SchemaState PostgresServer::schema_state() {
  connections_.about_to_wait();
  return actiond::schema_state(*connections_.connect(), schema_);
}

void PostgresServer::rehearse() {
  const SchemaState state = schema_state();
  if (!state.newer.empty()) throw Unavailable(state.newer);
  if (!state.missing.empty())
    throw Unavailable(
        fmt::format("{} migrations did not run yet, the first is {}: run `{} migrate`",
                    state.missing.size(), state.missing.front(),
                    std::string_view(schema_.program).substr(0, schema_.program.find(' '))));
}

Reader& PostgresServer::reader() {
  open();
  return reader_;
}

void PostgresServer::BorrowingReader::query(std::string_view sql, std::span<const Value> values,
                                            const std::function<bool(Row)>& visit) {
  // A connection that was cut while it was idle shows that only now, and nothing was seen yet.
  for (int run = 1;; ++run) {
    bool has_seen = false;
    try {
      const Connections::Lent lent(server_.connections_);
      return (*lent).query(sql, values, [&](Row row) {
        has_seen = true;
        return visit(row);
      });
    } catch (const ConnectionLost&) {
      server_.connections_.drop_idle();
      if (has_seen || run == 2) throw;
    } catch (const RunAgain&) {
      if (has_seen || run == 2) throw;
    }
  }
}

void PostgresServer::snapshot(const std::function<void(Reader&)>& work) {
  const Connections::Lent lent(connections_);
  PostgresConnection& db = *lent;
  db.begin("REPEATABLE READ READ ONLY");
  work(db);
  db.commit();
}

void PostgresServer::queue(Work work, Done done) {
  open();
  const MutexLock lock(mutex_);
  queue_.emplace_back(std::move(work), std::move(done), uploads_);
  note_queue();
}

void PostgresServer::note_queue() const {
  if (watch_ != nullptr) watch_->note_queue(queue_.size());
}

bool PostgresServer::is_waiting() {
  const MutexLock lock(mutex_);
  return running_ < most_running && !queue_.empty();
}

bool PostgresServer::bring(std::string_view name) {
  if (uploads_ == nullptr || !is_kept_name(name)) return false;
  const std::string file(name);
  if (uploads_->has(file)) return true;
  const auto bytes = uploads_->new_file();
  if (!read_file(reader(), name, [&](std::string_view piece) { bytes->append(piece); }))
    return false;
  bytes->sync();
  try {
    uploads_->link(*bytes, file);
  } catch (const Unavailable&) {
    // Somebody else brought it meanwhile.
    if (!uploads_->has(file)) throw;
  }
  return true;
}

// Those that another host discarded.
void PostgresServer::remove_stale_files() {
  constexpr std::chrono::hours by_then_committed(1);
  for (const std::string& name : uploads_->names(by_then_committed))
    if (!has_file(reader(), name)) uploads_->remove(name);
}

void PostgresServer::commit() {
  MutexLock lock(mutex_);
  while (running_ < most_running && !queue_.empty()) {
    Queue taken;
    taken.splice(taken.end(), queue_, queue_.begin());
    note_queue();
    ++running_;
    lock.unlock();
    run(taken.front());
    taken.clear();
    lock.lock();
    --running_;
  }
}

void PostgresServer::run(Queued& queued) {
  std::exception_ptr error = run_until(queued, Clock::now() + for_a_work);
  queued.done(std::move(error));
  if (++works_ % sweep_every == 0) sweep();
}

void PostgresServer::sweep() noexcept try {
  if (uploads_ != nullptr && works_ % (sweep_every * 64) == 0) remove_stale_files();
  const Connections::Lent lent(connections_);
  PostgresConnection& db = *lent;
  db.begin("READ COMMITTED READ WRITE");
  db.run(
      "DELETE FROM commit_ids WHERE id IN (SELECT id FROM commit_ids WHERE at < unixepoch() - ? "
      "ORDER BY at LIMIT ? FOR UPDATE SKIP LOCKED)",
      commit_ids_kept_seconds, 4 * sweep_every);
  db.commit();
} catch (const std::exception&) {
  // They are swept the next time.
}

std::exception_ptr PostgresServer::run_until(Queued& queued, Clock::time_point deadline) {
  for (int run = 1;; ++run) {
    const auto is_last = [&] { return run == most_runs || Clock::now() > deadline; };
    try {
      try_once(queued, deadline);
      return nullptr;
    } catch (const RunAgain& again) {
      if (is_last() || (again.is_duplicate() && run > 1))
        return again.is_duplicate() ? std::make_exception_ptr(std::runtime_error(again.what()))
                                    : std::current_exception();
    } catch (const ConnectionLost&) {
      connections_.drop_idle();
      if (is_last()) return std::current_exception();
    } catch (const OutcomeUnknown&) {
      queued.files.leave();
      return std::current_exception();
    } catch (...) {
      return std::current_exception();
    }
    queued.files.undo();
    pause_before_run(run);
  }
}

void PostgresServer::try_once(Queued& queued, Clock::time_point deadline) {
  const auto came = Clock::now();
  std::string id = random_bytes(commit_id_bytes);
  try {
    const Connections::Lent lent(connections_);
    PostgresConnection& db = *lent;
    const auto entered = Clock::now();
    db.begin("SERIALIZABLE READ WRITE");
    Verdict verdict = Verdict::Undo;
    try {
      ActionTransaction tx(db, queued.files);
      verdict = queued.work(tx);
    } catch (...) {
      // The server has the last word, whatever the work made of it.
      if (db.failure()) std::rethrow_exception(db.failure());
      throw;
    }
    if (db.failure()) std::rethrow_exception(db.failure());
    if (verdict == Verdict::Undo) return queued.files.undo();
    if (queued.files.has_kept()) uploads_->sync();
    db.add("INSERT INTO commit_ids (id) VALUES (?)", Blob{id});
    const auto written = Clock::now();
    db.commit();
    if (watch_ != nullptr)
      watch_->note_commit({.batch = 1,
                           .wait = entered - came,
                           .write = written - entered,
                           .sync = Clock::now() - written});
  } catch (const OutcomeUnknown&) {
    connections_.drop_idle();
    if (!has_committed(id, deadline)) throw RunAgain("PostgreSQL: the commit was lost", false);
  }
  queued.files.commit();
}

bool PostgresServer::has_committed(const std::string& id, Clock::time_point deadline) {
  while (true) {
    try {
      const auto db = connections_.connect();
      db->begin("READ COMMITTED READ WRITE");
      const auto burns = [&] {
        return db->change(
            "INSERT INTO commit_ids (id, is_burnt) VALUES (?, true) ON CONFLICT DO NOTHING",
            Blob{id});
      };
      if (burns() > 0) {
        db->commit();
        return false;
      }
      const auto row = db->row<bool>("SELECT is_burnt FROM commit_ids WHERE id = ?", Blob{id});
      if (row) return !std::get<0>(*row);
    } catch (const Unavailable& error) {
      if (Clock::now() > deadline) throw OutcomeUnknown(error.what());
    }
    std::this_thread::sleep_for(milliseconds(100));
  }
}

}  // namespace actiond
