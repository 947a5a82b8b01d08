// What a user calls the browser that a session belongs to.
#pragma once

#include <string>
#include <string_view>

namespace actiond {

// "Firefox on Linux", from the header User-Agent (RFC 9110 section 10.1.5), which says whatever the
// client likes: of one that is not known, its first product, shortened, in plain characters; ""
// when there is none.
std::string browser_of(std::string_view user_agent);

}  // namespace actiond
