#include "store/upkeep.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "store/inbox_index.h"
#include "store/sweep.h"

namespace actiond {
namespace {

constexpr std::chrono::seconds between_steps(1);  // of the index
// Those of before a reload end within moments.
constexpr std::chrono::milliseconds between_looks(100);

}  // namespace

void Upkeep::end() {
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

void Upkeep::note(const Host& host, bool is_alone) noexcept try {
  note_host(store_, host, is_alone, clock_);
} catch (const std::exception&) {
  // As above.
}

void Upkeep::index() noexcept try { index_messages(store_, 1); } catch (const std::exception&) {
  // As above.
}

void Upkeep::run_again_and_again(std::chrono::seconds every, const Host& host,
                                 std::function<bool()> is_alone) {
  thread_ = std::thread(
      [this, every, host, is_alone = std::move(is_alone)] { wait_and_run(every, host, is_alone); });
}

void Upkeep::wait_and_run(std::chrono::seconds every, const Host& host,
                          const std::function<bool()>& is_alone) {
  auto next_run = Clock::now() + every;
  auto next_note = Clock::now(), next_step = next_note;
  bool was_alone = false;
  MutexLock lock(mutex_);
  while (!ends_) {
    const auto now = Clock::now();
    if (!was_alone && is_alone()) {
      was_alone = true;
      next_note = now;
    }
    const auto next = std::min({next_run, next_note, next_step});
    if (now < next) {
      ending_.wait_until(mutex_, was_alone ? next : std::min(next, now + between_looks));
      continue;
    }
    lock.unlock();
    if (now >= next_note) {
      note(host, was_alone);
      next_note = now + host_noted_every;
    }
    if (now >= next_run) {
      run();
      next_run = now + every;
    }
    if (now >= next_step) {
      index();
      next_step = now + between_steps;
    }
    // A commit of this thread may have answered visitors whose writes waited with it.
    write_kept_lines();
    lock.lock();
  }
}

}  // namespace actiond
