// A worker process: threads that answer the requests of all connections.
//
// One thread at a time is in charge: it waits for events and answers what comes, one request after
// the other, so that under load nobody has to be woken.  Before work that takes long it hands the
// charge over: before it works off what the requests of this round left, such as a commit, and
// before a request that takes long.  A connection that is idle or slow holds no thread.
#pragma once

#include <functional>

#include "core/request.h"
#include "core/response.h"

namespace actiond {

// What answers in one process.
struct Service {
  // Replies now, or in `work`; never throws.  The request lives until the reply.
  std::function<void(Request&, Reply)> answer;
  // Whether the answer may take long, which only some threads at a time may do.
  std::function<bool(const Request&)> takes_long = [](const Request&) { return false; };
  // Whether requests wait for `work`, and the work.
  std::function<bool()> has_work = [] { return false; };
  std::function<void()> work = [] {};
  // This process is not to be trusted any longer: it finishes what runs, and is replaced.
  std::function<bool()> has_failed = [] { return false; };
};

// Makes the service of one process, after the fork.
using ServiceMaker = std::function<Service()>;

// Serves connections of `listening_socket` until SIGTERM; what has begun to come then is finished
// first.  Returns the exit status.
int run_worker(int listening_socket, int threads, const ServiceMaker& make_service);

}  // namespace actiond
