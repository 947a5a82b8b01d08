// A request and a response as FastCGI carries them.
#pragma once

#include <string>

#include "http/request.h"
#include "http/response.h"

namespace actiond {

// All but the body.  `parameters` are NAME=value, null-terminated, as libfcgi lists them.
Request to_request(const char* const* parameters);

// The head of an answer as CGI writes it, RFC 3875 section 6; the body follows.
std::string cgi_head(const Response& response);

}  // namespace actiond
