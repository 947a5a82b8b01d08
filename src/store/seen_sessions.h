// When sessions were last used.  That is found out by reading, and a read must not become a write:
// what is noted here is written later, many together, by a thread of its own.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "access/session.h"
#include "base/thread_annotations.h"

namespace actiond {

class SeenSessions {
 public:
  // Both must outlive this.  Writes `every` so often, in a thread that starts with the first note;
  // with 0 only when `write` is called.
  SeenSessions(Store& store, const Sessions& sessions, std::chrono::seconds every)
      : store_(store), sessions_(sessions), every_(every) {}
  SeenSessions(const SeenSessions&) = delete;
  SeenSessions& operator=(const SeenSessions&) = delete;
  // Notes that are not written yet are lost; the next use of the session makes them again.
  ~SeenSessions();

  // Never waits for a write.
  void note(const SessionId& session, Time now);
  // Writes what is noted, in transactions that hold up nobody for long.  What could not be written
  // is dropped: it will be noted again.
  void write() noexcept;

 private:
  void write_again_and_again();

  Store& store_;
  const Sessions& sessions_;
  const std::chrono::seconds every_;
  Mutex mutex_;
  Condition ending_;
  bool ends_ GUARDED_BY(mutex_) = false;
  std::map<std::string, Time> noted_ GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace actiond
