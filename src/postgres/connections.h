// The few connections of a process to its server, lent for as long as a statement or transaction
// takes, and one that is kept for questions (questions.h) where there are enough.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_annotations.h"
#include "postgres/connection.h"

namespace actiond {

// Of that many connections, how many may run works at once: some are left to readers.
constexpr int fewest_with_a_kept_one = 3;
constexpr int most_works(int connections) {
  const int lent = connections - (connections >= fewest_with_a_kept_one ? 1 : 0);
  return std::max(1, lent - std::max(1, lent / 4));
}

class Connections {
 public:
  Connections(std::string url, int most) : url_(std::move(url)), most_(most) {}

  // One, for as long as this lives.  The one that came back last is lent first.
  class Lent {
   public:
    explicit Lent(Connections& connections)
        : connections_(connections), connection_(connections.lend()) {}
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    // A transaction that is still open is rolled back.
    ~Lent() { connections_.take_back(std::move(connection_)); }

    PostgresConnection& operator*() const { return *connection_; }

   private:
    Connections& connections_;
    std::unique_ptr<PostgresConnection> connection_;
  };

  // A new one, not to be lent.  Throws ConnectionLost.
  std::unique_ptr<PostgresConnection> connect() const;
  // One of these, at once and for good: one at a time is out, and `end_kept` says that it is gone.
  // Null: there are too few, or none is idle; the next that comes back is for the next call.
  std::unique_ptr<PostgresConnection> keep_idle();
  void end_kept() noexcept;
  // Where one connection was cut, the others lead to the same server.
  void drop_idle() noexcept;
  // How often that was said: one that was made before is not to be trusted.
  std::uint64_t drops() const { return drops_; }
  // Called whenever a thread is about to wait; set before anything else is called.
  void before_waiting(std::function<void()> tell) { before_waiting_ = std::move(tell); }
  void about_to_wait() const { before_waiting_(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::unique_ptr<PostgresConnection> lend();
  std::unique_ptr<PostgresConnection> connect_and_learn();
  void take_back(std::unique_ptr<PostgresConnection> connection) noexcept;
  bool is_full() const REQUIRES(mutex_) { return lent_ >= most_ - kept_; }

  const std::string url_;
  const int most_;
  std::function<void()> before_waiting_ = [] {};
  std::atomic<std::uint64_t> drops_ = 0;

  Mutex mutex_;
  Condition came_back_;
  std::vector<std::unique_ptr<PostgresConnection>> idle_ GUARDED_BY(mutex_);
  int lent_ GUARDED_BY(mutex_) = 0;
  std::unique_ptr<PostgresConnection> to_keep_ GUARDED_BY(mutex_);
  bool wants_to_keep_ GUARDED_BY(mutex_) = false;
  int kept_ GUARDED_BY(mutex_) = 0;     // or to be kept
  int waiting_ GUARDED_BY(mutex_) = 0;  // for one that comes back
  Clock::time_point last_return_ GUARDED_BY(mutex_) = Clock::now();
  // Of tries to connect, in a row.  One may have met the end of a server that is back already.
  int failed_ GUARDED_BY(mutex_) = 0;
  Clock::time_point next_connect_ GUARDED_BY(mutex_) = {};
  std::string why_not_connected_ GUARDED_BY(mutex_);
  std::shared_ptr<const IdentityColumns> identity_ GUARDED_BY(mutex_);
};

}  // namespace actiond
