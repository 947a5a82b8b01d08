// Reads a body through a window, so that of a body of any length at most 64 KiB are in memory.
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

  // The next bytes of the body: at least `count` (up to `max_bytes`), or all that is left.  Valid
  // until the next call.
  std::string_view look(std::size_t count);
  // Removes the first `count` bytes of the last look.
  void skip(std::size_t count) { begin_ += count; }

 private:
  BodySource source_;
  std::string buffer_ = std::string(max_bytes, '\0');
  std::size_t begin_ = 0;  // the unread part of `buffer_`
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace actiond
