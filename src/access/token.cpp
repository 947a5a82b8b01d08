#include "access/token.h"

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::string_view version = "v1.";

std::string mac(std::string_view purpose, std::string_view signed_part, const Key& key) {
  return to_base64url(hmac_sha256(key.secret, std::string(purpose).append(signed_part)));
}

}  // namespace

std::string sign_token(std::string_view purpose, std::string_view payload, const KeyRing& keys) {
  const Key& key = keys.signing();
  const std::string signed_part = std::string(version) + key.id + "." + to_base64url(payload);
  return signed_part + "." + mac(purpose, signed_part, key);
}

std::optional<std::string> verify_token(std::string_view purpose, std::string_view token,
                                        const KeyRing& keys) {
  const std::size_t last_dot = token.rfind('.');
  if (!token.starts_with(version) || last_dot == token.npos) return std::nullopt;
  const std::string_view signed_part = token.substr(0, last_dot);
  const std::size_t id_end = signed_part.find('.', version.size());
  if (id_end == signed_part.npos) return std::nullopt;
  const Key* key = keys.find(signed_part.substr(version.size(), id_end - version.size()));
  // The texts are compared, not what they decode to: no second spelling of a MAC is accepted.
  if (key == nullptr ||
      !equal_in_constant_time(mac(purpose, signed_part, *key), token.substr(last_dot + 1)))
    return std::nullopt;
  return from_base64url(signed_part.substr(id_end + 1));
}

std::optional<std::string> verify_name_token(std::string_view purpose, std::string_view token,
                                             const KeyRing& keys) {
  auto bytes = verify_token(purpose, token, keys);
  if (bytes && bytes->size() != token_bytes) bytes.reset();
  return bytes;
}

bool is_signed_by_old_key(std::string_view token, const KeyRing& keys) {
  return !token.starts_with(std::string(version) + keys.signing().id + ".");
}

}  // namespace actiond
