// The supervisor: keeps the socket and the workers, and touches no data.
#pragma once

#include <filesystem>
#include <string>

#include "pool/worker.h"

namespace actiond {

struct PoolSettings {
  std::filesystem::path socket;
  std::string socket_group;  // empty: the group of the process
  int workers;
  int threads;  // a worker
};

// Runs the pool until SIGTERM or SIGINT: workers that die are replaced, at the end running actions
// finish, and no process or socket file stays behind.  Returns the exit status; throws when the
// socket cannot be had.
int supervise(const PoolSettings& settings, const ServiceMaker& make_service);

}  // namespace actiond
