#include "data/store.h"

#include "base/thread_annotations.h"

namespace actiond {

void Store::write(Work work) {
  Mutex mutex;
  Condition told;
  bool done = false;
  std::exception_ptr error;
  queue(std::move(work), [&](std::exception_ptr what) {
    const MutexLock lock(mutex);
    error = std::move(what);
    done = true;
    told.notify_one();  // locked: once this thread knows, all of this may be gone
  });
  commit();
  const MutexLock lock(mutex);
  while (!done) told.wait(mutex);
  if (error) std::rethrow_exception(std::move(error));
}

void Store::run(const std::function<void(Transaction&)>& work) {
  write([&work](Transaction& tx) {
    work(tx);
    return Verdict::Keep;
  });
}

}  // namespace actiond
