// An origin as the settings name it.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

#include "http/network.h"

namespace actiond {

// Scheme, host and port as a browser writes them in `Origin`: no upper case, nothing behind, and
// no port that the scheme has by itself.
inline bool is_origin(std::string_view text) {
  const bool https = text.starts_with("https://");
  if (!https && !text.starts_with("http://")) return false;
  text.remove_prefix(https ? 8 : 7);
  const std::size_t host_end =
      std::min(text.find(':', text.starts_with('[') ? text.find(']') : 0), text.size());
  const std::string_view host = text.substr(0, host_end);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  const std::string_view allowed =
      bracketed ? "[]:0123456789abcdef" : "abcdefghijklmnopqrstuvwxyz0123456789.-";
  if (host.empty() || host.find_first_not_of(allowed) != host.npos) return false;
  if (host_end == text.size()) return true;
  const std::string_view port = text.substr(host_end + 1);
  int number = 0;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), number);
  return read.ec == std::errc() && read.ptr == port.data() + port.size() && port[0] != '0' &&
         number > 0 && number <= 65535 && number != (https ? 443 : 80);
}

// Of an origin: whether it is this machine, so that nobody listens on the way.
inline bool is_loopback_origin(std::string_view origin) {
  origin.remove_prefix(origin.find("//") + 2);
  return is_loopback_host(
      origin.substr(0, origin.starts_with('[') ? origin.find(']') + 1 : origin.find(':')));
}

}  // namespace actiond
