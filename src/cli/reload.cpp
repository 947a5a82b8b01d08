#include <fmt/core.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "cli/commands.h"
#include "store/file_lock.h"

namespace actiond {
namespace {

constexpr std::chrono::seconds patience(60);
constexpr std::chrono::milliseconds between_looks(20);

// What the server says of its last reload, in the second line of its note; empty while it says
// nothing.
std::string last_reload(const FileLock& lock) {
  const std::string note = lock.read_note();
  const std::size_t start = note.find('\n') + 1;
  const std::size_t end = note.find('\n', start);
  return start == 0 || end == note.npos ? "" : note.substr(start, end - start);
}

void reload(const Settings& settings) {
  FileLock lock(lock_path(settings.database));
  if (lock.try_lock(lock_byte::server))
    throw std::runtime_error("no server uses " + settings.database.string());
  int pid = 0;
  if (std::sscanf(lock.read_note().c_str(), "actiond serve, pid %d", &pid) != 1 || pid <= 1)
    throw std::runtime_error("the lock file does not say which process serves");
  const std::string before = last_reload(lock);
  if (kill(pid, SIGHUP) != 0)
    throw std::system_error(errno, std::generic_category(), fmt::format("process {}", pid));
  const auto end = std::chrono::steady_clock::now() + patience;
  std::string now;
  while ((now = last_reload(lock)).empty() || now == before) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("no outcome yet; see the server's log");
    std::this_thread::sleep_for(between_looks);
  }
  if (!now.starts_with("reloaded")) throw std::runtime_error(now);
  fmt::print("{}\n", now);
}

}  // namespace

void add_reload(CLI::App& app, const SettingsFile& settings) {
  app.add_subcommand("reload",
                     "Let new workers take over: new settings, keys and program, and no "
                     "request lost")
      ->callback([&settings] { reload(settings.load()); });
}

}  // namespace actiond
