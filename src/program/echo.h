// Echo: the parts of a request that arrive behind nginx, told to a client that holds the key ring.
//
// The doctor sends a header that a key of the ring signed a moment ago; a worker that sees it says
// what nginx passed on of that very request, instead of running an action.  Nobody else can ask,
// and what is told is what the asker sent, what nginx made of it, and which origins this pool
// allows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/key_ring.h"
#include "base/time.h"
#include "http/request.h"
#include "http/response.h"

namespace actiond::doctor {

constexpr std::string_view echo_header = "X-Actiond-Doctor";
constexpr std::string_view echo_path = "/actions/doctor";

// The header's value, a token (access/token.h) that is good for a minute.
std::string echo_token(const KeyRing& keys, Time now);

// Nothing for a request that does not ask, or may not.
std::optional<Response> echo(Request& request, const KeyRing& keys,
                             const std::vector<std::string>& origins, Time now);

}  // namespace actiond::doctor
