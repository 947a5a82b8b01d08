// A connection of a worker, and what the worker knows of it.
#pragma once

#include <atomic>
#include <chrono>
#include <list>
#include <optional>
#include <stdexcept>

#include "base/descriptor.h"
#include "pool/fastcgi/peer.h"
#include "pool/status/trace.h"
#include "pool/worker/guest_state.h"

namespace actiond {

struct Guest {
  Guest(Descriptor socket, const Counters& counters) : peer(std::move(socket)), trace(counters) {}

  // Throws std::logic_error when the table has no such transition.
  void enter(GuestEvent event) {
    const auto next = next_state(state, event);
    if (!next) throw std::logic_error("a connection met an event that its state does not have");
    state = *next;
  }

  Peer peer;
  Trace trace;
  std::list<Guest>::iterator self;
  // Changed by its owner; the leader looks for those that are idle.
  std::atomic<GuestState> state = GuestState::Queued;
  // Of EventLoop: how the kernel watches the socket.  Once: the next event disarms it.
  enum class Watch { No, Once, EachPiece } watch = Watch::No;
  // Of SlowGuests: when its patience ends, how, and its place.
  std::optional<std::chrono::steady_clock::time_point> slow_until;
  int shutdown_how = 0;
  std::list<Guest*>::iterator slow;
};

}  // namespace actiond
