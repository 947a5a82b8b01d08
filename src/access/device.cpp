#include "access/device.h"

#include "access/token.h"
#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

// base64url holds no '.', so that no account's purpose starts another's.
std::string purpose(std::string_view account) { return "device." + to_base64url(account) + "."; }

}  // namespace

DeviceId DeviceId::make() { return {random_bytes(token_bytes)}; }

std::string sign(const DeviceId& id, std::string_view account, const KeyRing& keys) {
  return sign_token(purpose(account), id.bytes, keys);
}

std::optional<DeviceId> verify_device(std::string_view token, std::string_view account,
                                      const KeyRing& keys) {
  auto bytes = verify_token(purpose(account), token, keys);
  if (!bytes) return std::nullopt;
  return DeviceId{*std::move(bytes)};
}

}  // namespace actiond
