// The browser of a session, in a user's words.
#pragma once

#include <string>
#include <string_view>

namespace actiond {

// "Firefox, Linux", from the header User-Agent (RFC 9110 section 10.1.5), which clients can
// forge. For an unknown browser: its first product, shortened, in printable ASCII; "" without a
// header.
std::string browser_of(std::string_view user_agent);
// The same without what a client can call itself: "" for an unknown browser.
std::string known_browser_of(std::string_view user_agent);

}  // namespace actiond
