#include "store/upkeep.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "store/inbox_index.h"
#include "store/sweep.h"

namespace actiond {
namespace {

constexpr std::chrono::seconds between_steps(1);  // of the index

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

void Upkeep::note(const Host& host) noexcept try {
  note_host(store_, host, clock_);
} catch (const std::exception&) {
  // As above.
}

void Upkeep::index() noexcept try { index_messages(store_, 1); } catch (const std::exception&) {
  // As above.
}

void Upkeep::run_again_and_again(std::chrono::seconds every, const Host& host) {
  thread_ = std::thread([this, every, host] { wait_and_run(every, host); });
}

void Upkeep::wait_and_run(std::chrono::seconds every, const Host& host) {
  auto next_run = Clock::now() + every;
  auto next_note = Clock::now(), next_step = next_note;
  MutexLock lock(mutex_);
  while (!ends_) {
    const auto now = Clock::now();
    const auto next = std::min({next_run, next_note, next_step});
    if (now < next) {
      ending_.wait_until(mutex_, next);
      continue;
    }
    lock.unlock();
    if (now >= next_note) {
      note(host);
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
