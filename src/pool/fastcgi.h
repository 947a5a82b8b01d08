// FastCGI on one connection, by libfcgi.
// https://fastcgi-archives.github.io/FastCGI_Specification.html
#pragma once

#include <functional>

#include "core/request.h"
#include "core/response.h"

namespace actiond {

// Answers a request; never throws.
using Answer = std::function<Response(Request&)>;

// Once a process, before the first connection.
void start_fastcgi();

// Answers all requests that come over `connection` and closes it.  Malformed records end it.
void serve_connection(int connection, const Answer& answer);

}  // namespace actiond
