// The descriptors of a worker that the kernel watches (epoll(7)): where connections come from, its
// signals, and the connections that no thread holds.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/descriptor.h"
#include "pool/worker/guest.h"
#include "pool/worker/handover.h"

namespace actiond {

class EventLoop {
 public:
  // `signals` is of signalfd(2), `answers` of the service (-1: none).  All outlive this.  Throws
  // std::system_error, as all below.
  EventLoop(const Sources& sources, int signals, int answers);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  struct Events {
    bool connection = false;   // comes from the web server
    bool handed_over = false;  // a connection comes from a worker that retires
    bool signal = false;
    bool answers = false;          // come for the service
    std::vector<Guest*> readable;  // of the caller now
  };
  // Waits for events, at most `limit`; for ever when it is negative.  Of the leader; valid until
  // the next call.
  const Events& wait(std::chrono::milliseconds limit);
  // Ends the leader's wait.  On any thread.
  void wake() const;

  // Whether connections are taken from the sources.  One that comes wakes one process.
  void watch_sources();
  void forget_sources();

  // Each of these gives the guest away: the leader may have it before the call returns.

  // Until something comes.
  void watch(Guest& guest);
  // Until more comes than what is there: the bytes of an incomplete request stay in the socket.
  void watch_for_more(Guest& guest);

  // Of the owner of the guest: nothing on its socket is an event any more.
  void forget(Guest& guest);
  // `guest` is idle and watched: it comes out of `wait` at once.
  void raise(Guest& guest);

 private:
  void control(int how, int descriptor, std::uint32_t events, const void* what);
  void control_sources(int how);
  void note(void* what);

  const Sources& sources_;
  const int signals_;
  const int answers_;
  const Descriptor epoll_;
  const Descriptor wake_;
  Events events_;
};

}  // namespace actiond
