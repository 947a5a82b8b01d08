// Passwords: argon2id (RFC 9106) as PHC strings, with parameters that OWASP's Password Storage
// Cheat Sheet recommends: m=19456 KiB, t=2, p=1.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "forms/form.h"

namespace actiond {

// At least 8 characters and at most 1024 bytes.
Rules new_password_rules();

// Among some twelve thousand common ones of eight characters and more, in any case of letters.
bool is_common_password(std::string_view password);

// How many hashes run at a time, in all processes together: one for every two cores, so that a
// flood of sign-ins takes little memory and leaves cores to everybody else.
int hash_places();

// Waits for a place, then hashes.
class PasswordHasher {
 public:
  // `lock_file` is the database's, whose bytes are the places.
  explicit PasswordHasher(std::filesystem::path lock_file);
  virtual ~PasswordHasher() = default;

  virtual std::string hash(std::string_view password) const;
  virtual bool verify(std::string_view password, const std::string& hash) const;

 private:
  std::filesystem::path lock_file_;
};

// A hash that no password matches: verified for an unknown address, so that it takes as long.
std::string unmatchable_hash();

// Whether `hash` was made with other parameters than those used now.
bool is_outdated_hash(std::string_view hash);

}  // namespace actiond
