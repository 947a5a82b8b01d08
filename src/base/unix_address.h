// The address of a Unix socket: unix(7).
#pragma once

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace actiond {

class UnixAddress {
 public:
  static constexpr std::size_t most_bytes = sizeof(sockaddr_un::sun_path) - 1;

  // Of a path, or of an abstract name behind "@".  Throws std::runtime_error when `name` is longer
  // than most_bytes.
  explicit UnixAddress(std::string_view name)
      : size_(static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())) {
    if (name.size() > most_bytes)
      throw std::runtime_error(
          fmt::format("the path of the socket is longer than {} bytes: {}", most_bytes, name));
    address_.sun_family = AF_UNIX;
    name.copy(address_.sun_path, name.size());
    if (name.starts_with('@')) address_.sun_path[0] = '\0';
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return size_; }

 private:
  sockaddr_un address_{};
  socklen_t size_;
};

}  // namespace actiond
