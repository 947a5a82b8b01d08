// The lock that one process holds while it writes or checkpoints.
#pragma once

#include "base/file_lock.h"

namespace actiond {

// Held from here on, and given back on every way out.  Waits for whoever holds it.
class WriteLock {
 public:
  explicit WriteLock(FileLock& file) : file_(file) { file_.lock(lock_byte::write_lock); }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;
  ~WriteLock() { file_.unlock(lock_byte::write_lock); }

 private:
  FileLock& file_;
};

}  // namespace actiond
