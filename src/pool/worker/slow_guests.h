// Connections in the middle of a request or an answer.  nginx sends a request only when it has all
// of it, and takes an answer at once: a peer that takes longer than the time below is not nginx,
// and its socket is shut down, which also ends a read or write that waits on it.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <utility>

#include "base/thread_annotations.h"
#include "pool/worker/guest.h"

namespace actiond {

class SlowGuests {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SlowGuests(std::function<Clock::time_point()> clock = Clock::now)
      : clock_(std::move(clock)) {}

  // A request comes in pieces, or a piece of a long answer leaves: ten seconds.  Idempotent.
  void note(Guest& guest);
  // A piece of the long answer has left, and the next one has as long.
  void renew(Guest& guest);
  // A thread reads a long body: twenty seconds, after which no more of it is read, and the answer
  // can still leave.
  void note_body(Guest& guest);
  void forget(Guest& guest);
  bool empty();
  // The sockets become ready, and end like those whose web server is gone.
  void end_late();

 private:
  void note(Guest& guest, std::chrono::seconds patience, int shutdown_how);

  const std::function<Clock::time_point()> clock_;
  Mutex mutex_;
  std::list<Guest*> guests_ GUARDED_BY(mutex_);
};

}  // namespace actiond
