// Locks whose annotations say what they guard.  clang checks them (-Wthread-safety, in
// tests/thread_safety_test); other compilers ignore them.
// https://clang.llvm.org/docs/ThreadSafetyAnalysis.html
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define ACTIOND_ANNOTATE(...) __attribute__((__VA_ARGS__))
#else
#define ACTIOND_ANNOTATE(...)
#endif

// Of a member: it is read and written under that mutex alone.
#define GUARDED_BY(mutex) ACTIOND_ANNOTATE(guarded_by(mutex))
// Of a function: its caller holds the mutex, or must not hold it.
#define REQUIRES(mutex) ACTIOND_ANNOTATE(requires_capability(mutex))
#define EXCLUDES(mutex) ACTIOND_ANNOTATE(locks_excluded(mutex))

namespace actiond {

class ACTIOND_ANNOTATE(capability("mutex")) Mutex {
 public:
  void lock() ACTIOND_ANNOTATE(acquire_capability()) { mutex_.lock(); }
  void unlock() ACTIOND_ANNOTATE(release_capability()) { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Holds a mutex while it lives, but between `unlock` and `lock`.
class ACTIOND_ANNOTATE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACTIOND_ANNOTATE(acquire_capability(mutex)) : mutex_(mutex) {
    lock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() ACTIOND_ANNOTATE(release_capability()) {
    if (is_locked_) mutex_.unlock();
  }

  void lock() ACTIOND_ANNOTATE(acquire_capability()) {
    mutex_.lock();
    is_locked_ = true;
  }
  void unlock() ACTIOND_ANNOTATE(release_capability()) {
    is_locked_ = false;
    mutex_.unlock();
  }

 private:
  Mutex& mutex_;
  bool is_locked_ = false;
};

// A condition variable.  Its waits may end early: ask in a loop, which the analysis understands, as
// it does not a predicate.
class Condition {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void wait_until(Mutex& mutex, std::chrono::steady_clock::time_point end) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, end);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace actiond
