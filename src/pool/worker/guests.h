// The connections of a worker, and whether it takes more of them.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>

#include "base/thread_annotations.h"
#include "pool/status/counters.h"
#include "pool/worker/event_loop.h"

namespace actiond {

class Guests {
 public:
  // Raises the limit of open files, half of which is for connections.  Throws std::system_error.
  Guests(const Sources& sources, EventLoop& loop, const Counters& counters, WorkerCell& cell);

  enum class Door {
    Open,
    Full,      // no room for more; opens when one ends
    Retiring,  // others take what comes, and those that become idle here
    Stopping,  // nobody takes what becomes idle here: it ends
  };
  Door door() const { return door_; }
  std::size_t room() const { return room_; }

  // Of the leader.  The next connection, queued; null when none came or there is no descriptor
  // left.
  Guest* accept() EXCLUDES(mutex_);
  Guest* take_handed_over() EXCLUDES(mutex_);
  // Whether the last one found no descriptor, and no guest here that will give one back: somebody
  // has to call `make_room` after a while.
  bool is_starved() const { return is_starved_; }
  void make_room() EXCLUDES(mutex_);

  // Gives an idle guest to the event loop.  False, and it stays the caller's, when the door says
  // Stopping.
  [[nodiscard]] bool rest(Guest& guest) EXCLUDES(mutex_);
  void remove(Guest& guest) EXCLUDES(mutex_);
  void for_each_idle(const std::function<void(Guest&)>& act) EXCLUDES(mutex_);

  // For good; from Retiring to Stopping, but not back.
  void close(Door door) EXCLUDES(mutex_);
  // The door is closed for good, and the last guest has gone.
  bool have_gone() EXCLUDES(mutex_);

 private:
  Guest* welcome(Descriptor socket) EXCLUDES(mutex_);
  void open_again() REQUIRES(mutex_);

  const Sources& sources_;
  EventLoop& loop_;
  const Counters& counters_;
  WorkerCell& cell_;
  const std::size_t room_;
  bool is_starved_ = false;  // of the leader

  Mutex mutex_;
  std::list<Guest> guests_ GUARDED_BY(mutex_);
  std::atomic<Door> door_ = Door::Open;  // written under the mutex, read without it
};

}  // namespace actiond
