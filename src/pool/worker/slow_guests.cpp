#include "pool/worker/slow_guests.h"

#include <sys/socket.h>

namespace actiond {
namespace {

constexpr std::chrono::seconds patience(10);
constexpr std::chrono::seconds patience_with_body(20);

}  // namespace

void SlowGuests::note(Guest& guest) { note(guest, patience, SHUT_RDWR); }

void SlowGuests::note_body(Guest& guest) { note(guest, patience_with_body, SHUT_RD); }

void SlowGuests::note(Guest& guest, std::chrono::seconds patience, int shutdown_how) {
  const MutexLock lock(mutex_);
  if (guest.slow_until) return;
  guest.slow_until = clock_() + patience;
  guest.shutdown_how = shutdown_how;
  guest.slow = guests_.insert(guests_.end(), &guest);
}

void SlowGuests::renew(Guest& guest) {
  const MutexLock lock(mutex_);
  if (guest.slow_until) guest.slow_until = clock_() + patience;
}

void SlowGuests::forget(Guest& guest) {
  const MutexLock lock(mutex_);
  if (!guest.slow_until) return;
  guest.slow_until.reset();
  guests_.erase(guest.slow);
}

bool SlowGuests::empty() {
  const MutexLock lock(mutex_);
  return guests_.empty();
}

void SlowGuests::end_late() {
  const MutexLock lock(mutex_);
  guests_.remove_if([now = clock_()](Guest* guest) {
    if (now <= *guest->slow_until) return false;
    shutdown(guest->peer.socket(), guest->shutdown_how);
    guest->slow_until.reset();
    return true;
  });
}

}  // namespace actiond
