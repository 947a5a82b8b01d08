// Idle connections on their way from a worker that retires to those that stay, so that the web
// server sees none of its kept connections closed: between two requests a connection is nothing but
// its descriptor, and what is sent on it meanwhile waits in it.
#pragma once

#include <array>
#include <optional>

namespace actiond {

// Shared by all workers of a pool, and kept over a reload.
class Handover {
 public:
  // Throws std::system_error.
  Handover();
  // Takes over both ends of another one.
  explicit Handover(std::array<int, 2> ends) : ends_(ends) {}
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;
  ~Handover();

  // False when it cannot be given just now.  Given or not, `socket` is still the caller's to close.
  [[nodiscard]] bool give(int socket) const;
  // The next that was given, if any; the caller's to close.
  std::optional<int> take() const;

  // Readable when there is one to take.
  int taking() const { return ends_[1]; }
  const std::array<int, 2>& ends() const { return ends_; }

 private:
  std::array<int, 2> ends_;  // given at the first, taken at the second
};

}  // namespace actiond
