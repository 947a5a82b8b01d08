#include "store/upkeep.h"

#include <exception>

#include "store/sweep.h"

namespace actiond {

Upkeep::~Upkeep() {
  {
    const MutexLock lock(mutex_);
    ends_ = true;
  }
  ending_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Upkeep::run() noexcept try {
  seen_.write();
  sweep(store_, clock_(), lives_);
  store_.tidy();
} catch (const std::exception&) {
  // A visitor's write meets the same error, and is told.
}

void Upkeep::run_again_and_again(std::chrono::seconds every) {
  thread_ = std::thread([this, every] { wait_and_run(every); });
}

void Upkeep::wait_and_run(std::chrono::seconds every) {
  MutexLock lock(mutex_);
  while (true) {
    const auto next = std::chrono::steady_clock::now() + every;
    while (!ends_ && std::chrono::steady_clock::now() < next) ending_.wait_until(mutex_, next);
    if (ends_) return;
    lock.unlock();
    run();
    lock.lock();
  }
}

}  // namespace actiond
