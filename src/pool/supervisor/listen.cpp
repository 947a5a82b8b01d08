#include "pool/supervisor/listen.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "base/unix_address.h"

namespace actiond {
namespace {

// A full backlog answers nginx with EAGAIN at once.  The kernel caps it at net.core.somaxconn.
constexpr int backlog = 4096;

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

bool somebody_listens(const UnixAddress& address) {
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(probe.get(), address.get(), address.size()) == 0;
}

}  // namespace

std::optional<gid_t> socket_group(const std::string& name) {
  if (name.empty()) return std::nullopt;
  const struct group* entry = getgrnam(name.c_str());
  if (entry == nullptr) throw std::runtime_error("there is no group " + name);
  return entry->gr_gid;
}

Descriptor listen_on(const std::filesystem::path& path, const std::string& group) {
  const UnixAddress address(path.native());
  if (somebody_listens(address))
    throw std::runtime_error("another server listens on " + path.string());
  if (unlink(path.c_str()) != 0 && errno != ENOENT) fail(path);
  // Not blocking: several threads may be told of the same connection.
  Descriptor listening = Descriptor::checked(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), path.string());
  // Made with no rights for others from the first moment on.
  const mode_t mask = umask(0117);
  const int bound = bind(listening.get(), address.get(), address.size());
  umask(mask);
  if (bound != 0) fail(path);
  if (const auto id = socket_group(group);
      id && chown(path.c_str(), static_cast<uid_t>(-1), *id) != 0)
    fail(path);
  if (listen(listening.get(), backlog) != 0) fail(path);
  return listening;
}

std::filesystem::path bound_path(int listening) {
  sockaddr_un address{};
  socklen_t size = sizeof address;
  if (getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      address.sun_family != AF_UNIX)
    return {};
  return address.sun_path;
}

std::optional<Descriptor> take_passed_socket(const std::filesystem::path& path) {
  constexpr int first = 3;  // SD_LISTEN_FDS_START
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr || std::to_string(getpid()) != pid) return std::nullopt;
  const std::string passed = count;
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) unsetenv(name);
  int listens = 0;
  socklen_t int_size = sizeof listens;
  if (passed != "1" || bound_path(first) != path ||
      getsockopt(first, SOL_SOCKET, SO_ACCEPTCONN, &listens, &int_size) != 0 || listens == 0)
    throw std::runtime_error("systemd hands over something else than a socket that listens on " +
                             path.string());
  fcntl(first, F_SETFD, FD_CLOEXEC);
  fcntl(first, F_SETFL, O_NONBLOCK);  // several threads may be told of the same connection
  return Descriptor(first);
}

}  // namespace actiond
