// The server that uses a database, as its lock file tells.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace actiond {

struct RunningServer {
  pid_t pid;
  std::string last_reload;  // "reloaded at TIME", "reload failed at TIME: REASON"; empty: none yet
};

// Nothing when none runs.  Throws when the lock file does not say which process it is.
std::optional<RunningServer> running_server(const std::filesystem::path& database);

// The text that a server writes into its lock file.
std::string server_note(const std::filesystem::path& socket, const std::string& last_reload);

}  // namespace actiond
