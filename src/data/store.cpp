#include "data/store.h"

#include <condition_variable>
#include <mutex>

namespace actiond {

void Store::write(Work work) {
  std::mutex mutex;
  std::condition_variable told;
  bool done = false;
  std::exception_ptr error;
  queue(std::move(work), [&](std::exception_ptr what) {
    const std::lock_guard lock(mutex);
    error = std::move(what);
    done = true;
    told.notify_one();  // locked: once this thread knows, all of this may be gone
  });
  commit();
  std::unique_lock lock(mutex);
  told.wait(lock, [&] { return done; });
  if (error) std::rethrow_exception(std::move(error));
}

}  // namespace actiond
