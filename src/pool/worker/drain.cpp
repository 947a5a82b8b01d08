#include "pool/worker/drain.h"

#include <sys/socket.h>

namespace actiond {

void Drain::stop() {
  guests_.close(Guests::Door::Stopping);
  // A request that has come already is still read.
  guests_.for_each_idle([](Guest& guest) { shutdown(guest.peer.socket(), SHUT_RD); });
  end_if_alone();
}

void Drain::retire() {
  guests_.close(Guests::Door::Retiring);
  end_if_alone();
}

void Drain::raise_idle() {
  guests_.for_each_idle([this](Guest& guest) { loop_.raise(guest); });
}

bool Drain::give_away(Guest& guest) {
  if (!hands_over() || !handover_.give(guest.peer.socket())) return false;
  // The connection stays open with its new owner, and would stay watched here.
  loop_.forget(guest);
  return true;
}

void Drain::remove(Guest& guest) {
  guests_.remove(guest);
  end_if_alone();
}

void Drain::end_if_alone() {
  if (!guests_.have_gone()) return;
  leadership_.end();
  loop_.wake();
}

}  // namespace actiond
