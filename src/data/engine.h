// An engine keeps the rows: a Store that can be opened, can fail for good, and can be watched.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "data/schema.h"
#include "data/store.h"

namespace actiond {

struct CommitReport {
  using Duration = std::chrono::steady_clock::duration;

  std::size_t batch;  // works that shared it
  Duration wait;      // for the write lock
  Duration write;
  Duration sync;              // the commit, until it is on disk
  std::uint64_t flights = 0;  // to a server and back
};

// Called on several threads, and under locks: must neither throw nor take long.
class CommitWatch {
 public:
  virtual ~CommitWatch() = default;

  virtual void note_queue(std::size_t works) = 0;
  virtual void note_commit(const CommitReport& commit) = 0;
  // A server undid a work, and it runs again.
  virtual void note_rerun() = 0;
};

class Engine : public Store {
 public:
  // Opens now; an engine that one program alone uses migrates, too, and makes whatever is missing.
  // Without it, the first that reads or writes does so.  Throws Unavailable.
  virtual void open() = 0;
  // Brings the schema up to date, and returns how many migrations ran.  Throws Unavailable.
  virtual int migrate() = 0;
  virtual SchemaState schema_state() = 0;
  // Throws what `open` would throw, and leaves no trace in the data.
  virtual void rehearse() = 0;

  // Takes what was deleted out of the files of the data, where rows are overwritten as they go.
  // False when it is not done: readers hold it back, or the server alone can do it.
  virtual bool leave_no_trace() = 0;

  // A write or a sync failed in the device: what the kernel still holds of the file may not be what
  // is on disk (fsync(2)), so this process writes no more and has to be replaced.
  virtual bool has_failed() const = 0;
  // Calls `tell` once, when that happens, on the thread that opened or committed.  Set before
  // anything else is called; must neither throw nor wait.
  virtual void when_failed(std::function<void()> tell) = 0;
  // Until `end_round` the calling thread's reads may all see the moment of the first of them, which
  // lies behind this call.  One thread at a time; it begins a next round only after its end.
  virtual void begin_round() {}
  virtual void end_round() noexcept {}

  // Of `ask_ahead`.  A descriptor that is readable when `take_answers` has something to do; -1: it
  // never has.  All three of the thread that may begin a round.
  virtual int answers() { return -1; }
  virtual void take_answers() noexcept {}
  // Calls one `then` whose answers are there; false: none is.
  virtual bool go_on() { return false; }

  // Calls `tell` on a thread that is about to wait for a server.  Set and called as that one.
  virtual void before_waiting(std::function<void()> /*tell*/) {}
};

}  // namespace actiond
