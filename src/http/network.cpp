#include "http/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace actiond {
namespace {

std::string text_of(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, address, text.data(), text.size());
}

}  // namespace

bool is_loopback(std::string_view address) {
  in_addr four{};
  if (inet_pton(AF_INET, network_of(address).c_str(), &four) == 1)
    return ntohl(four.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
  in6_addr six{};
  return inet_pton(AF_INET6, std::string(address).c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

std::string network_of(std::string_view address) {
  in6_addr whole{};
  if (inet_pton(AF_INET6, std::string(address).c_str(), &whole) != 1) return std::string(address);
  if (IN6_IS_ADDR_V4MAPPED(&whole)) return text_of(AF_INET, &whole.s6_addr[12]);
  std::fill(std::begin(whole.s6_addr) + 8, std::end(whole.s6_addr), std::uint8_t{0});
  return text_of(AF_INET6, &whole) + "/64";
}

}  // namespace actiond
