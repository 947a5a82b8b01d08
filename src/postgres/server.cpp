#include "postgres/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "base/program_name.h"
#include "postgres/action_transaction.h"
#include "postgres/commit_ids.h"
#include "postgres/engine.h"
#include "postgres/files.h"
#include "postgres/migrations.h"

namespace actiond {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds between_openings(1);
constexpr seconds for_a_work(15);  // nobody waits for the answer any longer
// A read meets a connection that was cut while it was idle, and perhaps one that was just made.
// That shows at once: whatever waited in vain is not tried again.
constexpr int most_reads = 3;
constexpr seconds for_reads(2);
constexpr milliseconds between_looks(500);
constexpr const char* commits_wait = "PostgreSQL: commits wait for a standby";

// Works that met each other do not meet again at once.
void pause_before_run(int run) {
  thread_local std::minstd_rand chance(std::random_device{}());
  const int longest = 2 << std::min(run, 8);  // 4 ms, 8 ms, … half a second
  std::this_thread::sleep_for(std::uniform_int_distribution<int>(0, longest)(chance) *
                              milliseconds(1));
}

}  // namespace

PostgresServer::PostgresServer(std::string url, Schema schema, const UploadFolder* uploads,
                               CommitWatch* watch, int connections)
    : most_running_(most_works(connections)), connections_(std::move(url), connections),
      schema_(std::move(schema)), uploads_(uploads), watch_(watch) {}

void PostgresServer::open() {
  if (opened_) return;
  connections_.about_to_wait();
  const MutexLock lock(opening_);
  if (opened_) return;
  if (Clock::now() < next_try_) throw Unavailable(last_failure_);
  try {
    again_when_cut([this] { rehearse(); });
    opened_ = true;
  } catch (const std::exception& error) {
    next_try_ = Clock::now() + between_openings;
    last_failure_ = error.what();
    throw Unavailable(last_failure_);
  }
}

int PostgresServer::migrate() {
  connections_.about_to_wait();
  return actiond::migrate(*connections_.connect(), schema_);
}

void PostgresServer::grant_rows(std::string_view role) {
  actiond::grant_rows(*connections_.connect(), role);
}

SchemaState PostgresServer::schema_state() {
  connections_.about_to_wait();
  return actiond::schema_state(*connections_.connect(), schema_);
}

void PostgresServer::rehearse() {
  const SchemaState state = schema_state();
  if (!state.newer.empty()) throw Unavailable(state.newer);
  if (!state.missing.empty())
    throw Unavailable(fmt::format("{} migrations did not run yet, the first is {}: run {}",
                                  state.missing.size(), state.missing.front(),
                                  in_shell("migrate")));
}

Reader& PostgresServer::reader() {
  open();
  return reader_;
}

// A connection that was cut while it was idle shows that only when it is used.
void PostgresServer::again_when_cut(const std::function<void()>& work) {
  const auto until = Clock::now() + for_reads;
  for (int run = 1;; ++run) {
    const auto is_last = [&] { return run == most_reads || Clock::now() > until; };
    try {
      return work();
    } catch (const ConnectionLost&) {
      connections_.drop_idle();
      if (is_last()) throw;
    } catch (const RunAgain&) {
      if (is_last()) throw;
    }
  }
}

void PostgresServer::BorrowingReader::query(std::string_view sql, std::span<const Value> values,
                                            const std::function<bool(Row)>& visit) {
  server_.again_when_cut([&] {
    bool has_seen = false;
    try {
      const Connections::Lent lent(server_.connections_);
      (*lent).query(sql, values, [&](Row row) {
        has_seen = true;
        return visit(row);
      });
    } catch (const Unavailable& error) {
      if (has_seen) throw Unavailable(error.what());
      throw;
    }
  });
}

int PostgresServer::answers() {
  if (!questions_) questions_.emplace(connections_, reader_);
  return questions_->descriptor();
}

bool PostgresServer::asks_ahead() {
  return round_of_ == std::this_thread::get_id() && questions_ && questions_->is_ready();
}

void PostgresServer::ask_ahead(std::function<void(Reader&)> ask,
                               std::function<void(Reader&)> then) {
  questions_->add(std::move(ask), std::move(then));
}

void PostgresServer::end_round() noexcept {
  if (round_of_ != std::this_thread::get_id()) return;
  round_of_ = std::thread::id();
  if (questions_) questions_->set_off();
}

void PostgresServer::snapshot(const std::function<void(Reader&)>& work) {
  again_when_cut([&] {
    const Connections::Lent lent(connections_);
    PostgresConnection& db = *lent;
    db.begin("REPEATABLE READ READ ONLY");
    work(db);  // nothing is to be committed
  });
}

void PostgresServer::queue(Work work, Done done, Isolation isolation) {
  open();
  refuse_while_commits_hang();
  const MutexLock lock(mutex_);
  queue_.emplace_back(std::move(work), std::move(done), uploads_, Clock::now() + for_a_work,
                      isolation);
  note_queue();
}

void PostgresServer::note_queue() const {
  if (watch_ != nullptr) watch_->note_queue(queue_.size());
}

bool PostgresServer::is_waiting() {
  const MutexLock lock(mutex_);
  return running_ < most_running_ && !queue_.empty();
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

void PostgresServer::commit() {
  MutexLock lock(mutex_);
  while (running_ < most_running_ && !queue_.empty()) {
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
  std::exception_ptr error = run_until_deadline(queued);
  queued.done(std::move(error));
}

std::exception_ptr PostgresServer::run_until_deadline(Queued& queued) {
  int duplicates = 0;
  for (int run = 1;; ++run) {
    const bool is_last = Clock::now() > queued.deadline;
    try {
      try_once(queued);
      return nullptr;
    } catch (const RunAgain& again) {
      if (again.is_duplicate() && ++duplicates > 1)
        return std::make_exception_ptr(std::runtime_error(again.what()));
      if (is_last) return std::current_exception();
    } catch (const ConnectionLost&) {
      connections_.drop_idle();
      if (is_last) return std::current_exception();
    } catch (const OutcomeUnknown&) {
      queued.files.leave();
      return std::current_exception();
    } catch (...) {
      return std::current_exception();
    }
    queued.files.undo();
    if (watch_ != nullptr) watch_->note_rerun();
    pause_before_run(run);
  }
}

void PostgresServer::try_once(Queued& queued) {
  const auto came = Clock::now();
  std::string id;
  try {
    const Connections::Lent lent(connections_);
    PostgresConnection& db = *lent;
    const auto entered = Clock::now();
    const std::uint64_t flights = db.flights();
    db.begin(queued.isolation == Isolation::Serializable ? "SERIALIZABLE READ WRITE"
                                                         : "READ COMMITTED READ WRITE");
    Verdict verdict = Verdict::Undo;
    try {
      ActionTransaction tx(db, queued.files, queued.isolation);
      verdict = queued.work(tx);
    } catch (...) {
      // The server has the last word, whatever the work made of it.
      if (db.failure()) std::rethrow_exception(db.failure());
      throw;
    }
    if (db.failure()) std::rethrow_exception(db.failure());
    if (verdict == Verdict::Undo) return queued.files.undo();
    if (queued.files.has_kept()) uploads_->sync();
    id = leave_commit_id(db);
    const auto written = Clock::now();
    db.commit([this] { look_at_commits(); });
    if (watch_ != nullptr)
      watch_->note_commit({.batch = 1,
                           .wait = entered - came,
                           .write = written - entered,
                           .sync = Clock::now() - written,
                           .flights = db.flights() - flights});
  } catch (const OutcomeUnknown&) {
    connections_.drop_idle();
    if (!has_committed(connections_, id, queued.deadline))
      throw RunAgain("PostgreSQL: the commit was lost", false);
  }
  queued.files.commit();
}

void PostgresServer::refuse_while_commits_hang() {
  if (!commits_hang_) return;
  look_at_commits();
  if (commits_hang_) throw Unavailable(commits_wait);
}

void PostgresServer::look_at_commits() {
  {
    const MutexLock lock(mutex_);
    if (Clock::now() < next_look_) return;
    next_look_ = Clock::now() + between_looks;
  }
  connections_.about_to_wait();
  try {
    commits_hang_ = waits_for_standby(*connections_.connect());
  } catch (const Unavailable&) {
    commits_hang_ = false;  // the works find out themselves what is wrong
  }
  Queue refused;
  if (commits_hang_) {
    const MutexLock lock(mutex_);
    refused.swap(queue_);
    note_queue();
  }
  for (Queued& each : refused) each.done(std::make_exception_ptr(Unavailable(commits_wait)));
}

void PostgresServer::tidy() {
  sweep_commit_ids(connections_);
  if (uploads_ != nullptr) remove_stale_files();
}

// Those that another host discarded.
void PostgresServer::remove_stale_files() {
  constexpr std::chrono::hours by_then_committed(1);
  for (const std::string& name : uploads_->names(by_then_committed))
    if (is_kept_name(name) && !has_file(reader(), name)) uploads_->remove(name);
}

}  // namespace actiond
