// The owner of an open file descriptor, and the only thing that closes one.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace actiond {

class Descriptor {
 public:
  Descriptor() = default;
  // Owns `number`; a negative one is none.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Descriptor(std::move(other)).swap(*this);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  // The result of a system call that makes a descriptor.  Throws std::system_error of `errno` when
  // it is negative.
  static Descriptor checked(int result, const std::string& what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return Descriptor(result);
  }

  // Negative when there is none.
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  // The caller's to close from now on.
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  void close() { Descriptor().swap(*this); }
  void swap(Descriptor& other) noexcept { std::swap(number_, other.number_); }

 private:
  int number_ = -1;
};

// Of a pipe(2), read from the first, or of a socketpair(2).
using DescriptorPair = std::array<Descriptor, 2>;

// Close-on-exec, with `flags` besides.  Throws std::system_error.
inline DescriptorPair make_pipe(int flags) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), flags | O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe2");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace actiond
