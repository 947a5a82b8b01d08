// Connections in the middle of a request or an answer: nginx sends a request only when it has all
// of it, and takes an answer at once.  Who is slower than ten seconds is not nginx.
#pragma once

#include <list>
#include <mutex>

#include "pool/worker/guest.h"

namespace actiond {

class SlowGuests {
 public:
  // Again means nothing.
  void note(Guest& guest);
  void forget(Guest& guest);
  bool empty();
  // Their sockets become ready, and end like those whose web server is gone.
  void end_late();

 private:
  std::mutex mutex_;
  std::list<Guest*> guests_;  // the oldest first
};

}  // namespace actiond
