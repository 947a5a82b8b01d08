#include "pool/supervisor/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"

namespace actiond {
namespace {

std::uint64_t number_in(const char* name) {
  const char* text = std::getenv(name);
  std::uint64_t number = 0;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
  return number;
}

}  // namespace

void notify_systemd(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = path == nullptr ? 0 : std::strlen(path);
  if (length < 2 || length >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path, length);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract one
  const Descriptor sender(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!sender) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
         reinterpret_cast<const sockaddr*>(&address), size);
}

std::chrono::milliseconds watchdog_interval() {
  const std::uint64_t microseconds = number_in("WATCHDOG_USEC");
  const std::uint64_t pid = number_in("WATCHDOG_PID");
  if (microseconds == 0 || (pid != 0 && pid != static_cast<std::uint64_t>(getpid())))
    return std::chrono::milliseconds::max();
  return std::max(std::chrono::milliseconds(microseconds / 2000), std::chrono::milliseconds(1));
}

}  // namespace actiond
