// A body on its way in, seen through a window: however long it is, no more than the window of it is
// in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace actiond {

// Reads up to `size` bytes into `into`; 0 at the end.
using BodySource = std::function<std::size_t(char* into, std::size_t size)>;

class BodyWindow {
 public:
  static constexpr std::size_t max_bytes = 64 * 1024;

  explicit BodyWindow(BodySource source) : source_(std::move(source)) {}

  // What can be seen: at least `count` bytes (of at most `max_bytes`), or all that is left.  Valid
  // until the next call.
  std::string_view look(std::size_t count);
  // Moves on by bytes that were seen.
  void skip(std::size_t count) { begin_ += count; }

 private:
  BodySource source_;
  std::string buffer_ = std::string(max_bytes, '\0');
  std::size_t begin_ = 0;  // what is seen lies between the two
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace actiond
