#include "http/same_site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "http/bearer.h"
#include "http/cookie.h"

namespace actiond {

std::optional<Message> cross_site_refusal(const Request& request,
                                          std::span<const std::string> origins) {
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  const auto origin = request.header("origin");
  const bool is_ours = origin && std::ranges::find(origins, *origin) != origins.end();
  const auto site = request.header("sec-fetch-site");
  // "none": a person's own doing, such as a page that an extension sends again.
  const bool is_told_by_origin = !site || *site == "none";
  if (site == "same-origin" || (is_told_by_origin && is_ours)) return std::nullopt;
  const std::string expected = fmt::format("{}", fmt::join(origins, " or "));
  if (is_told_by_origin && origin)
    return Message("request.origin", {{"origin", std::string(*origin)}, {"expected", expected}});
  if (site)
    return Message("request.fetch_site", {{"site", std::string(*site)}, {"expected", expected}});
  if (!carries_session_cookie(request) || bearer_token(request)) return std::nullopt;
  return Message("request.no_origin", {{"expected", expected}});
}

}  // namespace actiond
