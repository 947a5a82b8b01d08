// The sender's network, as far as it counts as one sender.
#pragma once

#include <string>
#include <string_view>

namespace actiond {

// The first 64 bits of an IPv6 address, which belong to one customer (RFC 6177): "2001:db8::/64";
// an IPv4 address, or one in IPv6, as it is; what is no address as well.
std::string network_of(std::string_view address);
// Whether it is this machine itself: 127.0.0.0/8 (RFC 1122 3.2.1.3) or ::1 (RFC 4291 2.5.3).
bool is_loopback(std::string_view address);
// The same of a host as a URL has it, "localhost" included.
bool is_loopback_host(std::string_view host);

}  // namespace actiond
