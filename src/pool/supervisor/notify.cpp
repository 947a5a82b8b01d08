#include "pool/supervisor/notify.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"
#include "base/unix_address.h"

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
  const char* name = std::getenv("NOTIFY_SOCKET");
  const std::size_t length = name == nullptr ? 0 : std::strlen(name);
  if (length < 2 || length > UnixAddress::most_bytes) return;
  const UnixAddress address(name);
  const Descriptor sender(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!sender) return;
  sendto(sender.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT, address.get(),
         address.size());
}

std::chrono::milliseconds watchdog_interval() {
  const std::uint64_t microseconds = number_in("WATCHDOG_USEC");
  const std::uint64_t pid = number_in("WATCHDOG_PID");
  if (microseconds == 0 || (pid != 0 && pid != static_cast<std::uint64_t>(getpid())))
    return std::chrono::milliseconds::max();
  return std::max(std::chrono::milliseconds(microseconds / 2000), std::chrono::milliseconds(1));
}

}  // namespace actiond
