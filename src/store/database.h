// Store over SQLite: a reader a thread, and one writer in the whole pool at a time.
//
// Threads of a process that want to write queue up.  The first of the queue leads: it takes those
// that wait, passes the write gate, which only one process holds at a time, and runs them in one
// transaction, each in a savepoint of its own; one commit and one sync serve them all.  Every
// checkpoint happens under the gate too, so SQLite's WAL-reset race (before 3.51.3) has no room.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/database.h"
#include "store/connection.h"
#include "store/file_lock.h"
#include "store/kept_files.h"
#include "store/migrations.h"

namespace actiond {

// Made after fork(): neither SQLite's handles nor its locks may cross one.
class Database final : public Store {
 public:
  // Opens nothing yet: a database that is missing is made, and one that fails is tried again, by
  // whoever asks next.
  // Without `uploads`, which must outlive this, no transaction keeps files.
  Database(std::filesystem::path path, std::span<const Migration> migrations,
           const UploadFolder* uploads = nullptr);

  Reader& reader() override;
  void snapshot(const std::function<void(Reader&)>& work) override;
  void write(const std::function<Verdict(Transaction&)>& work) override;

  // Opens and migrates now, and returns how many migrations ran.
  int open();

 private:
  using Work = std::function<Verdict(Transaction&)>;
  struct Waiter {
    const Work& work;
    KeptFiles files;
    std::exception_ptr error = nullptr;
    bool done = false;
    bool leads = false;
    std::condition_variable turn = {};
  };

  Connection& thread_reader();
  void lead(std::unique_lock<std::mutex>& lock);
  void commit_together(const std::vector<Waiter*>& batch);
  void run_alone(Connection& db, Waiter& waiter);
  int open_writer();
  void checkpoint_when_due();

  const std::filesystem::path path_;
  const std::span<const Migration> migrations_;
  const UploadFolder* const uploads_;
  const std::uint64_t instance_;  // tells a thread whose reader it holds

  std::mutex opening_;
  bool opened_ = false;
  std::chrono::steady_clock::time_point next_try_{};
  std::string last_failure_;

  std::mutex mutex_;  // of the queue
  std::deque<Waiter*> queue_;
  bool led_ = false;

  // Used by whoever leads, and by nobody else.
  std::optional<FileLock> gate_;
  std::unique_ptr<Connection> writer_;
  int checkpoint_at_frames_;
};

}  // namespace actiond
