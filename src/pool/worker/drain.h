// The end of a worker: it takes no more connections, answers what has begun to come, and ends when
// its last connection has gone.
#pragma once

#include "pool/worker/event_loop.h"
#include "pool/worker/guests.h"
#include "pool/worker/leadership.h"

namespace actiond {

class Drain {
 public:
  Drain(const Handover& handover, Guests& guests, EventLoop& loop, Leadership& leadership)
      : handover_(handover), guests_(guests), loop_(loop), leadership_(leadership) {}

  // For good, of the leader.  SIGTERM: nobody takes the connections over, so idle ones end.
  void stop();
  // SIGUSR2: other workers listen, and get the connections that are or become idle here.
  void retire();

  // Whether idle connections are to be handed over, which is tried again after a while: the queue
  // of those handed over may be full.
  bool hands_over() const { return guests_.door() == Guests::Door::Retiring; }
  // Idle guests become readable, so that the leader comes to `give_away` with them.
  void raise_idle();
  // Of the owner of an idle guest: whether another worker has its connection now.
  [[nodiscard]] bool give_away(Guest& guest);

  // Of the owner of `guest`, which is deleted.  The last one ends the worker.
  void remove(Guest& guest);

 private:
  void end_if_alone();

  const Handover& handover_;
  Guests& guests_;
  EventLoop& loop_;
  Leadership& leadership_;
};

}  // namespace actiond
