// When sessions were last used.  That is found out by reading, and a read must not become a write:
// what is noted here is written later, many together.  Notes that are lost until then are made
// again by the next use of the session.
#pragma once

#include <map>
#include <string>

#include "access/session.h"
#include "base/thread_annotations.h"

namespace actiond {

class SeenSessions {
 public:
  // Both must outlive this.
  SeenSessions(Store& store, const Sessions& sessions) : store_(store), sessions_(sessions) {}
  SeenSessions(const SeenSessions&) = delete;
  SeenSessions& operator=(const SeenSessions&) = delete;

  // Never waits for a write.
  void note(const SessionId& session, Time now);
  // Writes what is noted, in transactions that hold up nobody for long.  What could not be written
  // is dropped: it will be noted again.
  void write() noexcept;

 private:
  Store& store_;
  const Sessions& sessions_;
  Mutex mutex_;
  std::map<std::string, Time> noted_ GUARDED_BY(mutex_);
};

}  // namespace actiond
