#include "pool/worker/slow_guests.h"

#include <sys/socket.h>

namespace actiond {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience(10);

}  // namespace

void SlowGuests::note(Guest& guest) {
  const std::lock_guard lock(mutex_);
  if (guest.slow_since) return;
  guest.slow_since = Clock::now();
  guest.slow = guests_.insert(guests_.end(), &guest);
}

void SlowGuests::forget(Guest& guest) {
  const std::lock_guard lock(mutex_);
  if (!guest.slow_since) return;
  guest.slow_since.reset();
  guests_.erase(guest.slow);
}

bool SlowGuests::empty() {
  const std::lock_guard lock(mutex_);
  return guests_.empty();
}

void SlowGuests::end_late() {
  const std::lock_guard lock(mutex_);
  for (const auto now = Clock::now();
       !guests_.empty() && now > *guests_.front()->slow_since + patience;) {
    shutdown(guests_.front()->peer.socket(), SHUT_RDWR);
    guests_.front()->slow_since.reset();
    guests_.pop_front();
  }
}

}  // namespace actiond
