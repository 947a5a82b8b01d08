#include "courier/relay.h"

#include <charconv>

#include "http/network.h"

namespace actiond {
namespace {

bool is_port(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end && number > 0 && number <= 65535;
}

}  // namespace

std::optional<Relay> Relay::parse(std::string_view text) {
  std::string_view rest = text;
  const bool is_tls = rest.starts_with("smtps://");
  if (!is_tls && !rest.starts_with("smtp://")) return std::nullopt;
  rest.remove_prefix(is_tls ? 8 : 7);
  const std::size_t host_end = rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':');
  const std::string_view host = rest.substr(0, host_end);
  if (host.empty() ||
      host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-[]:") != host.npos)
    return std::nullopt;
  if (host.size() == rest.size()) return Relay(text, host);
  if (rest[host.size()] != ':' || !is_port(rest.substr(host.size() + 1))) return std::nullopt;
  return Relay(text, host);
}

bool Relay::is_loopback() const { return is_loopback_host(host_); }

}  // namespace actiond
