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
#include "pool/handover.h"

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

// Where a worker's connections come from.
struct Sources {
  int listening;
  const Handover& handover;
};

// Says `ready`, and serves connections until SIGTERM, or until SIGUSR2 and then only those that are
// in the middle of something: an idle one goes to the other workers.  What has begun to come is
// finished in both cases.  Returns the exit status.
int run_worker(const Sources& sources, int threads, const ServiceMaker& make_service,
               const std::function<void()>& ready);

}  // namespace actiond
