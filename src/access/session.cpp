#include "access/session.h"

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
  auto bytes = verify_token(purpose, token, keys);
  if (!bytes) return std::nullopt;
  return SessionId{*std::move(bytes)};
}

}  // namespace actiond
