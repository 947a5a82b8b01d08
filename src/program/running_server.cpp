#include "program/running_server.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/descriptor.h"
#include "base/encoding.h"
#include "base/file_lock.h"
#include "base/program_name.h"
#include "base/unix_address.h"

namespace actiond {
namespace {

pid_t listener_of(const std::filesystem::path& path) {
  const UnixAddress address(path.native());
  const Descriptor asking(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  ucred peer{};
  socklen_t size = sizeof peer;
  const bool told = connect(asking.get(), address.get(), address.size()) == 0 &&
                    getsockopt(asking.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  if (!told)
    throw std::system_error(errno, std::generic_category(),
                            "a server runs, and cannot be reached at " + path.string());
  if (peer.pid == 0)
    throw std::runtime_error("the server on " + path.string() +
                             " runs in another PID namespace: run this command there");
  return peer.pid;
}

}  // namespace

std::optional<RunningServer> running_server(const Settings& settings) {
  const std::filesystem::path path = lock_path(settings.database);
  if (!std::filesystem::exists(path)) return std::nullopt;
  FileLock lock(path);
  if (lock.try_lock(lock_byte::server)) return std::nullopt;
  RunningServer server{listener_of(settings.pool.status_socket), ""};
  const std::string note = lock.read_note();
  // A second line that is not whole is being written.
  const std::size_t second = std::min(note.find('\n'), note.size() - 1) + 1;
  const std::size_t end = note.find('\n', second);
  // Of a file of the site's user: nothing of it commands a terminal.
  if (end != note.npos) server.last_reload = to_one_line(note.substr(second, end - second));
  return server;
}

std::string server_note(const std::filesystem::path& socket, const std::string& last_reload) {
  const std::string note =
      fmt::format("{} serve, pid {}, socket {}\n", program_name(), getpid(), socket.string());
  return last_reload.empty() ? note : note + last_reload + "\n";
}

}  // namespace actiond
