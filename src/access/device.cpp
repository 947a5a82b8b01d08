#include "access/device.h"

#include "access/token.h"
#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

// base64url holds no '.', so that no owner's purpose starts another's.
std::string purpose_for(std::string_view owner) { return "device." + to_base64url(owner) + "."; }

}  // namespace

// No address holds a line end.
std::string device_owner(std::string_view account, std::int64_t generation) {
  std::string owner(account);
  if (generation != 0) owner.append("\n").append(std::to_string(generation));
  return owner;
}

DeviceId DeviceId::make() { return {random_bytes(token_bytes)}; }

std::string sign(const DeviceId& id, std::string_view owner, const KeyRing& keys) {
  return sign_token(purpose_for(owner), id.bytes, keys);
}

std::optional<DeviceId> verify_device(std::string_view token, std::string_view owner,
                                      const KeyRing& keys) {
  auto bytes = verify_name_token(purpose_for(owner), token, keys);
  if (!bytes) return std::nullopt;
  return DeviceId{*std::move(bytes)};
}

}  // namespace actiond
