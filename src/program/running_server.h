// The server that uses a database.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "program/settings.h"

namespace actiond {

struct RunningServer {
  pid_t pid;                // of the supervisor, in this process's PID namespace
  std::string last_reload;  // "reloaded at TIME", "reload failed at TIME: REASON"; empty: none yet
};

// Nothing when none runs.  The kernel tells the pid, by the credentials of whoever listens on the
// status socket (unix(7), SO_PEERCRED): a file could name any process.  Throws std::runtime_error
// when a server holds the lock and cannot be told.
std::optional<RunningServer> running_server(const Settings& settings);

// The text that a server writes into its lock file.
std::string server_note(const std::filesystem::path& socket, const std::string& last_reload);

}  // namespace actiond
