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
  bool is_watched_for_more = false;  // told of each piece of a request, until it is whole
  std::atomic<bool> is_idle = false;
  // Of SlowGuests: when its patience ends, how, and its place.
  std::optional<std::chrono::steady_clock::time_point> slow_until;
  int shutdown_how = 0;
  std::list<Guest*>::iterator slow;
};

}  // namespace actiond
