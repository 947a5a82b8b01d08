// Store over PostgreSQL: a few connections, each action a transaction of its own.
//
// Every action runs SERIALIZABLE unless its author has chosen otherwise, so that a handler may
// count and then insert as if it were the only writer; what the server undoes for that runs again,
// and so does a commit that was lost (commit_ids.h).
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/thread_annotations.h"
#include "data/engine.h"
#include "files/kept_files.h"
#include "postgres/connections.h"
#include "postgres/questions.h"

namespace actiond {

class PostgresServer final : public Engine {
 public:
  // As `postgres_engine` says.
  PostgresServer(std::string url, Schema schema, const UploadFolder* uploads, CommitWatch* watch,
                 int connections);

  Reader& reader() override;
  void snapshot(const std::function<void(Reader&)>& work) override;
  void queue(Work work, Done done, Isolation isolation) override;
  bool asks_ahead() override;
  void ask_ahead(std::function<void(Reader&)> ask, std::function<void(Reader&)> then) override;
  bool is_waiting() override;
  bool bring(std::string_view name) override;
  void tidy() override;
  void commit() override;

  void open() override;
  int migrate() override;
  // As in migrations.h.
  void grant_rows(std::string_view role);
  SchemaState schema_state() override;
  void rehearse() override;
  void begin_round() override { round_of_ = std::this_thread::get_id(); }
  void end_round() noexcept override;
  int answers() override;
  void take_answers() noexcept override { questions_->receive(); }
  bool go_on() override { return questions_ && questions_->go_on(); }
  bool leave_no_trace() override { return false; }
  bool has_failed() const override { return false; }
  void when_failed(std::function<void()>) override {}
  void before_waiting(std::function<void()> tell) override {
    connections_.before_waiting(std::move(tell));
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Queued {
    Queued(Work work_to_do, Done tell, const UploadFolder* uploads, Clock::time_point last,
           Isolation from_others)
        : work(std::move(work_to_do)), done(std::move(tell)), files(uploads), deadline(last),
          isolation(from_others) {}

    Work work;
    Done done;
    KeptFiles files;
    const Clock::time_point deadline;
    const Isolation isolation;
  };
  using Queue = std::list<Queued>;

  class BorrowingReader final : public Reader {
   public:
    explicit BorrowingReader(PostgresServer& server) : server_(server) {}

   protected:
    void query(std::string_view sql, std::span<const Value> values,
               const std::function<bool(Row)>& visit) override;

   private:
    PostgresServer& server_;
  };

  void again_when_cut(const std::function<void()>& work);
  // Runs it as often as it takes, and tells how it ended.
  void run(Queued& queued);
  std::exception_ptr run_until_deadline(Queued& queued);
  void try_once(Queued& queued);
  void remove_stale_files();
  // While commits wait for a standby, nothing else is begun: a commit that is given up keeps its
  // place with the server, which has few, until a standby answers.
  void refuse_while_commits_hang();
  void look_at_commits();
  void note_queue() const REQUIRES(mutex_);

  const int most_running_;
  Connections connections_;
  const Schema schema_;
  const UploadFolder* const uploads_;
  CommitWatch* const watch_;
  BorrowingReader reader_{*this};
  std::optional<Questions> questions_;  // of those who answer requests in rounds
  std::atomic<std::thread::id> round_of_ = std::thread::id();

  Mutex opening_;
  std::atomic<bool> opened_ = false;
  Clock::time_point next_try_ GUARDED_BY(opening_) = {};
  std::string last_failure_ GUARDED_BY(opening_);

  Mutex mutex_;
  Queue queue_ GUARDED_BY(mutex_);
  int running_ GUARDED_BY(mutex_) = 0;
  std::atomic<bool> commits_hang_ = false;
  Clock::time_point next_look_ GUARDED_BY(mutex_) = {};
};

}  // namespace actiond
