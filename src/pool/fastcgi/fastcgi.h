// A request and a response as FastCGI carries them.
#pragma once

#include <optional>
#include <string>

#include "http/request.h"
#include "http/response.h"
#include "pool/fastcgi/records.h"

namespace actiond {

// All but the body; nothing when the parameters are malformed.
std::optional<Request> to_request(const RequestRecords& records);

// As CGI writes it, RFC 3875 section 6.
std::string to_cgi(const Response& response);

}  // namespace actiond
