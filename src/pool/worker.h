// A worker process: threads that accept connections and answer requests.
#pragma once

#include <functional>

#include "pool/fastcgi.h"

namespace actiond {

// Makes what answers in one process, after the fork.
using AnswerMaker = std::function<Answer()>;

// Serves connections of `listening_socket` until SIGTERM; what is running then is finished first.
// Returns the exit status.
int run_worker(int listening_socket, int threads, const AnswerMaker& make_answer);

}  // namespace actiond
