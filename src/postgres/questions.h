// Questions of many requests in one flight, asked by a thread that does not wait.
//
// Questions that come while a flight is out are the next one's.  An asker goes on when its answers
// are there.  When they are late, or the connection is lost, it goes on without them, and asks by
// itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "data/store.h"
#include "postgres/connections.h"

namespace actiond {

// One thread at a time calls it.
class Questions {
 public:
  using Ask = std::function<void(Reader&)>;
  using Then = std::function<void(Reader&)>;

  // Takes one of `connections`; what has no answer is asked of `reader`.  Both outlive this.
  Questions(Connections& connections, Reader& reader);

  // Whether there is a connection to ask.
  bool is_ready();
  // As Store::ask_ahead, whose `then` is called in `go_on`.
  void add(Ask ask, Then then);
  // Sends what was added, unless a flight is out.
  void set_off() noexcept;

  // Readable when `receive` has something to do.
  int descriptor() const { return epoll_.get(); }
  void receive() noexcept;
  // Lets one go on whose answers are there, or are not waited for any longer; false: there is none.
  bool go_on();

 private:
  using Clock = std::chrono::steady_clock;

  struct Question {
    std::string sql;
    std::vector<Value> values;
    PostgresConnection::Result answer = nullptr;
  };
  struct Asker {
    Ask ask;
    Then then;
    std::vector<Question> questions = {};
  };
  class Noting;
  class Knowing;

  void depart() noexcept;
  void land();
  void leave_former_server() noexcept;
  void let_all_go() noexcept;
  void close() noexcept;
  void fail() noexcept;
  void watch(int descriptor) const;
  void set_timer() noexcept;

  Connections& connections_;
  Reader& reader_;
  const Descriptor epoll_, timer_;
  bool timer_runs_ = false;
  std::unique_ptr<PostgresConnection> connection_;
  std::uint64_t drops_ = 0;  // of `connections_`, when it was taken
  Clock::time_point next_try_ = {};
  bool is_late_ = false;  // a flight is out, and nobody waits for it
  std::deque<Asker> waiting_, flying_, landed_;
  std::vector<PostgresConnection::Result> answers_;  // to those that fly
  Clock::time_point departed_ = {};
};

}  // namespace actiond
