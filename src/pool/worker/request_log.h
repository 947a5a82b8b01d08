// The log's line for each request.
#pragma once

#include "http/request.h"
#include "http/response.h"
#include "pool/status/trace.h"

namespace actiond {

// No body, query, cookie or header ever gets here.  A request that took longer than is set is a
// warning, which names its longest phase.  The line may stay with this thread until
// `write_kept_lines` (base/log.h).
void log_request(const Request& request, const Response& response, const Trace& trace);

}  // namespace actiond
