#include "http/bearer.h"

#include "base/encoding.h"

namespace actiond {

std::optional<std::string_view> bearer_token(const Request& request) {
  constexpr std::string_view scheme = "bearer";
  const auto authorization = request.header("authorization");
  if (!authorization || to_lower(authorization->substr(0, scheme.size())) != scheme)
    return std::nullopt;
  const std::string_view rest = authorization->substr(scheme.size());
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
  return trimmed(rest);
}

}  // namespace actiond
