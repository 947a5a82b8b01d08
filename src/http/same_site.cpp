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

std::optional<Message> cross_site_refusal(const Request& request,
                                          std::span<const std::string> origins) {
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  if (const auto site = request.header("sec-fetch-site")) {
    if (*site == "same-origin") return std::nullopt;
    return Message("request.fetch_site", {{"site", std::string(*site)}});
  }
  const std::string expected = fmt::format("{}", fmt::join(origins, " or "));
  if (const auto origin = request.header("origin")) {
    if (std::find(origins.begin(), origins.end(), *origin) != origins.end()) return std::nullopt;
    return Message("request.origin", {{"origin", std::string(*origin)}, {"expected", expected}});
  }
  if (!carries_session_cookie(request) || carries_bearer(request)) return std::nullopt;
  return Message("request.no_origin", {{"expected", expected}});
}

}  // namespace actiond
