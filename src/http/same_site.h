// The cross-site rule: a page of another site must not act in a visitor's name.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "http/message.h"
#include "http/request.h"

namespace actiond {

// Nothing when `request` may pass, else what came, what was expected and which setting to change.
// Looks at Fetch Metadata (W3C) and Origin (RFC 6454) only, never at the body or its type.
std::optional<Message> cross_site_refusal(const Request& request,
                                          std::span<const std::string> origins);

}  // namespace actiond
