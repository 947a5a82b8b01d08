// The part of OpenSSL that this program uses.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace actiond {

// HMAC-SHA256, RFC 2104 and FIPS 180-4: 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

// SHA-256, FIPS 180-4, of a message that comes in pieces.
class Sha256 {
 public:
  Sha256();

  void add(std::string_view piece);
  std::string finish() &&;  // 32 bytes

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// From the operating system's generator.  Throws when there are none to be had.
std::string random_bytes(std::size_t count);

// Takes the same time whatever the bytes are; only the length shows.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace actiond
