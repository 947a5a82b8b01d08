// A connection of a worker, and what the worker knows of it.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <optional>

#include "pool/fastcgi/peer.h"
#include "pool/status/trace.h"

namespace actiond {

struct Guest {
  Guest(int socket, const Counters& counters) : peer(socket), trace(counters) {}

  Peer peer;
  Trace trace;
  std::list<Guest>::iterator self;
  bool is_watched = false;
  std::atomic<bool> is_idle = false;
  // Of SlowGuests: since when it is in the middle of a request or an answer, and its place.
  std::optional<std::chrono::steady_clock::time_point> slow_since;
  std::list<Guest*>::iterator slow;
};

}  // namespace actiond
