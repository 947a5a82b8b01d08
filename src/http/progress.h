// The phases of a request.  Its observer has the clock; this room has none.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace actiond {

// In the order in which a request passes them.
enum class Phase {
  Wait,    // for a thread, when its answer takes long
  Check,   // who asks, and may they
  Body,    // read and understood
  Work,    // what is slow and writes nothing, such as hashing a password
  Queue,   // for its turn to write
  Write,   // the handler, inside the transaction
  Commit,  // the rest of the batch, and the disk
  Answer,  // made and sent
};

constexpr std::array<std::string_view, 8> phase_names{"wait",  "check", "body",   "work",
                                                      "queue", "write", "commit", "answer"};

constexpr std::string_view to_text(Phase phase) {
  return phase_names[static_cast<std::size_t>(phase)];
}

class Progress {
 public:
  virtual ~Progress() = default;

  // The request is one for this action.
  virtual void found(std::string_view action) = 0;
  // Ends the phase before.  Idempotent.  On any thread.
  virtual void enter(Phase phase) = 0;
  // The calling thread leaves it until it enters a phase, which may be the same.
  virtual void rest() = 0;
};

}  // namespace actiond
