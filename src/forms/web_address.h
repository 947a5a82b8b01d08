// The address of a page or a site, http or https, as browsers take it for valid (WHATWG URL) and as
// it can stand in a mail: RFC 3986 forbids blanks and " < > \ ^ ` { | } in one, which browsers
// write anew.  Its host is a name of letters, digits, '-' and '_' or an IPv4 address, and nobody's
// name or password stands before it.
#pragma once

#include <string_view>

namespace actiond {

bool is_web_address(std::string_view text);

}  // namespace actiond
