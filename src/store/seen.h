// When sessions and tokens were last used.  That is found out by reading, and a read must not
// become a write: what is noted here is written later, many together.  Notes that are lost until
// then are made again by the next use.
#pragma once

#include <map>
#include <string>

#include "access/api_token.h"
#include "access/session.h"
#include "base/thread_annotations.h"

namespace actiond {

class Seen {
 public:
  // Both must outlive this.
  Seen(Store& store, const Sessions& sessions) : store_(store), sessions_(sessions) {}
  Seen(const Seen&) = delete;
  Seen& operator=(const Seen&) = delete;

  // Never waits for a write.
  void note(const SessionId& session, Time now);
  void note(const ApiTokenHash& token, Time now);
  // Writes what is noted, in transactions that hold up nobody for long.  What could not be written
  // is dropped: it will be noted again.
  void write() noexcept;

 private:
  using Noted = std::map<std::string, Time>;

  template <class Touch>
  void write(const Noted& noted, const Touch& touch);

  Store& store_;
  const Sessions& sessions_;
  Mutex mutex_;
  Noted sessions_seen_ GUARDED_BY(mutex_);
  Noted tokens_seen_ GUARDED_BY(mutex_);
};

}  // namespace actiond
