// A short text that this site signed and a browser keeps, "v1.KEYID.PAYLOAD.MAC": MAC is the
// HMAC-SHA256 over purpose, version, key id and payload; it and PAYLOAD are base64url.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.h"

namespace actiond {

constexpr std::size_t token_bytes = 16;  // random ones, of a payload that names something

// `purpose` ends in '.' and no other purpose starts with it: a token for one purpose never verifies
// for another.
std::string sign_token(std::string_view purpose, std::string_view payload, const KeyRing& keys);

// The payload, if a key of the ring signed it for this purpose.  Touches no disk, and takes the
// same time for every wrong MAC.
std::optional<std::string> verify_token(std::string_view purpose, std::string_view token,
                                        const KeyRing& keys);

// The same, of a payload of `token_bytes`; nothing for one of another length.
std::optional<std::string> verify_name_token(std::string_view purpose, std::string_view token,
                                             const KeyRing& keys);

// Whether a token that verified was signed by another key than the one that signs now.
bool is_signed_by_old_key(std::string_view token, const KeyRing& keys);

}  // namespace actiond
