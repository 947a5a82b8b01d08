// The supervisor: keeps the socket and the workers, and touches no data.
//
// To reload it tries the program in a child, executes it in its own place (same process id, same
// socket, same workers), starts new workers, and lets the old ones retire once the new ones serve.
// When the trial fails, or the new workers die, the old ones go on.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pool/supervisor/inheritance.h"
#include "pool/supervisor/status_process.h"
#include "pool/worker/worker.h"

namespace actiond {

struct PoolSettings {
  std::filesystem::path socket;
  std::string socket_group;  // empty: the group of the process
  int workers;
  int threads;                               // a worker
  std::filesystem::path status_socket = {};  // empty: nobody tells how the pool is
  std::uint64_t max_requests = 0;  // of a worker, about, until it is replaced; 0: for ever
  std::chrono::milliseconds request_timeout = std::chrono::seconds(20);
};

// How this program is executed again, and what it holds.
struct Reload {
  std::vector<std::string> command;  // the first word is a path
  std::vector<std::string> trial;    // exits 0 when `command` would start
  int lock;                          // kept open over execve(2)
  // Told how a reload ended: "reloaded at TIME", "reload failed at TIME: REASON".
  std::function<void(const std::string&)> tell = [](const std::string&) {};
};

// Runs the pool until SIGTERM or SIGINT, with the program `companion` beside it (companion.h), and
// reloads on SIGHUP, and opens the log again on SIGUSR1: workers that die are replaced, at the end
// running actions finish, and no process or socket file stays behind.  Calls `every_second`, which
// throws nothing, about that often.  Returns the exit status; throws when the socket cannot be had.
int supervise(
    const PoolSettings& settings, const ServiceMaker& make_service,
    const StatusSources& sources = {}, const Reload& reload = {},
    const std::optional<Inheritance>& inheritance = {},
    const std::function<void()>& every_second = [] {},
    const std::vector<std::string>& companion = {});

}  // namespace actiond
