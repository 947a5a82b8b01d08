#include "program/running_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include "base/file_lock.h"

namespace actiond {
namespace {

constexpr std::string_view start = "actiond serve, pid ";

}  // namespace

std::optional<RunningServer> running_server(const std::filesystem::path& database) {
  const std::filesystem::path path = lock_path(database);
  if (!std::filesystem::exists(path)) return std::nullopt;
  FileLock lock(path);
  if (lock.try_lock(lock_byte::server)) return std::nullopt;
  const std::string note = lock.read_note();
  RunningServer server{};
  if (note.starts_with(start))
    std::from_chars(note.data() + start.size(), note.data() + note.size(), server.pid);
  if (server.pid <= 1)
    throw std::runtime_error(path.string() + " does not say which process serves");
  // A second line that is not whole is being written.
  const std::size_t second = std::min(note.find('\n'), note.size() - 1) + 1;
  const std::size_t end = note.find('\n', second);
  if (end != note.npos) server.last_reload = note.substr(second, end - second);
  return server;
}

std::string server_note(const std::filesystem::path& socket, const std::string& last_reload) {
  const std::string note = fmt::format("{}{}, socket {}\n", start, getpid(), socket.string());
  return last_reload.empty() ? note : note + last_reload + "\n";
}

}  // namespace actiond
