#include "http/same_site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "http/bearer.h"
#include "http/cookie.h"

namespace actiond {
namespace {

bool carries_bearer(const Request& request) {
  const auto token = bearer_token(request);
  return token && !token->empty();
}

}  // namespace

std::optional<std::string> cross_site_refusal(const Request& request,
                                              std::span<const std::string> origins) {
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  if (const auto site = request.header("sec-fetch-site")) {
    if (*site == "same-origin") return std::nullopt;
    return fmt::format("The request came with Sec-Fetch-Site \"{}\"; only \"same-origin\" may act.",
                       *site);
  }
  const std::string expected = fmt::format(
      "expected is Origin: {}. To let another address of this site act, add it to site.origins "
      "in actiond.toml.",
      fmt::join(origins, " or "));
  if (const auto origin = request.header("origin")) {
    if (std::find(origins.begin(), origins.end(), *origin) != origins.end()) return std::nullopt;
    return fmt::format("The request came with Origin \"{}\"; {}", *origin, expected);
  }
  if (!carries_session_cookie(request) || carries_bearer(request)) return std::nullopt;
  return fmt::format(
      "The request came with a session cookie but neither Sec-Fetch-Site nor "
      "Origin; {}",
      expected);
}

}  // namespace actiond
