// What we need of OpenSSL, and nothing else of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace actiond {

// HMAC-SHA256, RFC 2104 and FIPS 180-4: 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

// From the operating system's generator.  Throws when there are none to be had.
std::string random_bytes(std::size_t count);

// Takes the same time whatever the bytes are; only the length shows.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace actiond
