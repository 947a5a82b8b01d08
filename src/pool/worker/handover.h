// The queue of idle connections that a worker which retires gives to those that stay, so that the
// web server sees none of its kept connections closed: between two requests a connection is nothing
// but its descriptor, and what is sent on it meanwhile waits in it.
#pragma once

#include "base/descriptor.h"

namespace actiond {

// Shared by all workers of a pool, and kept over a reload.
class Handover {
 public:
  // Throws std::system_error.
  Handover();
  // Of the two ends of another one.
  explicit Handover(DescriptorPair ends) : ends_(std::move(ends)) {}

  // False when it cannot be given just now.  Given or not, `socket` is still the caller's to close.
  [[nodiscard]] bool give(int socket) const;
  // The next one that was given; none when there is none.
  Descriptor take() const;

  // Readable when there is one to take.
  int taking() const { return ends_[1].get(); }
  const DescriptorPair& ends() const { return ends_; }

 private:
  DescriptorPair ends_;  // given at the first, taken at the second
};

// Where a worker's connections come from.
struct Sources {
  int listening;
  const Handover& handover;
};

}  // namespace actiond
