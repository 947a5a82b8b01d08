#include "access/session.h"

#include <algorithm>

#include "access/token.h"
#include "base/crypto.h"

namespace actiond {
namespace {

constexpr std::string_view purpose = "session.";

}  // namespace

SessionId SessionId::make() { return {random_bytes(token_bytes)}; }

std::string sign(const SessionId& id, const KeyRing& keys) {
  return sign_token(purpose, id.bytes, keys);
}

std::optional<SessionId> verify(std::string_view token, const KeyRing& keys) {
  auto bytes = verify_name_token(purpose, token, keys);
  if (!bytes) return std::nullopt;
  return SessionId{*std::move(bytes)};
}

bool Identity::has(std::string_view name_of_grant, Time now) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return grant.name == name_of_grant && grant.until > now;
  });
}

std::set<std::string_view> Identity::permissions(Time now) const {
  std::set<std::string_view> names;
  for (const Grant& grant : grants)
    if (grant.until > now) names.insert(grant.name);
  return names;
}

std::optional<Time> Identity::access_until() const {
  std::optional<Time> end;
  for (const Grant& grant : grants)
    if (grant.name == paid_grant && (!end || grant.until > *end)) end = grant.until;
  return end;
}

}  // namespace actiond
