// A worker process: threads that answer the requests of all connections.
//
// The leader (leadership.h) waits for events (event_loop.h) and answers what comes, one request
// after the other.  It hands the leadership over before it works off what the requests of its round
// left, such as a commit, and before a request that takes long (long_works.h).  A connection that
// is idle or slow holds no thread; its states are those of guest_state.h.
#pragma once

#include <functional>

#include "http/request.h"
#include "http/response.h"
#include "pool/status/counters.h"
#include "pool/worker/confine.h"
#include "pool/worker/handover.h"

namespace actiond {

// The answering part of one process.
struct Service {
  // Replies now, or in `go_on` or `work`; never throws.  The request lives until the reply.
  std::function<void(Request&, Reply)> answer;
  // Whether the answer may take long, which only some threads at a time may do.
  std::function<bool(const Request&)> takes_long = [](const Request&) { return false; };
  // Instead of `answer`, when too many wait for that: replies now.
  std::function<void(Request&, Reply)> turn_away = [](Request&, const Reply& reply) {
    reply(Response(503));
  };
  // Called by the thread that answers what came together, before and behind it: all these requests
  // were there when `begin_round` is called.  `end_round` may come twice.
  std::function<void()> begin_round = [] {};
  std::function<void()> end_round = [] {};
  // Of a service that asks another process and lets the thread go on: a descriptor that is readable
  // when `take_answers` has something to do, -1 when it never has.  `go_on` continues one request
  // whose answer is there; false: none is.
  int answers = -1;
  std::function<void()> take_answers = [] {};
  std::function<bool()> go_on = [] { return false; };
  // Whether requests wait for `work`, and the work.
  std::function<bool()> has_work = [] { return false; };
  std::function<void()> work = [] {};
  // Whether this process must no longer be trusted: asked when it ends, for its exit status.  The
  // service sends SIGUSR2 to its process when that happens.
  std::function<bool()> has_failed = [] { return false; };
  // Called once, before the first request, with what a thread calls before it waits for another
  // process: the other threads go on meanwhile.
  std::function<void(std::function<void()>)> begin = [](const std::function<void()>&) {};
  // Called once, behind the last reply.  When it returns, no thread of the service's own is in a
  // reply any more: the connections go after it.
  std::function<void()> end = [] {};
  // The sockets that it makes, besides those that it is given.
  Opens opens = Opens::Nothing;
  // Whether each request leaves a line in the log.
  bool logs_requests = true;
};

// Makes the service of one process, after the fork; what it has to count goes into the cell.
using ServiceMaker = std::function<Service(WorkerCell& cell)>;

// Where it counts, and shows what its threads do: a cell of the counters.
struct Tally {
  const Counters& counters;
  WorkerCell& cell;
};

// The exit status of a worker whose service has failed.
constexpr int exit_failed = 3;

// Says `ready`, and serves connections until SIGTERM, or until SIGUSR2 and then only those that are
// in the middle of something: an idle one goes to the other workers.  What has begun to come is
// finished in both cases.  SIGUSR1 opens the log again.  Returns the exit status.
int run_worker(const Sources& sources, const Tally& tally, int threads,
               const ServiceMaker& make_service, const std::function<void()>& ready);

}  // namespace actiond
