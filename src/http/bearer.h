// The token of `Authorization: Bearer TOKEN`, RFC 6750 section 2.1.
#pragma once

#include <optional>
#include <string_view>

#include "http/request.h"

namespace actiond {

// Empty when the scheme came without a token; nothing when another scheme or none came.
std::optional<std::string_view> bearer_token(const Request& request);

}  // namespace actiond
