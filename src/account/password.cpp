#include "account/password.h"

#include <argon2.h>
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <thread>

#include "account/common_passwords.h"
#include "base/crypto.h"
#include "base/encoding.h"
#include "base/file_lock.h"

namespace actiond {
namespace {

constexpr std::uint32_t memory_kib = 19456;
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

std::string parameters() {
  return fmt::format("$argon2id$v=19$m={},t={},p={}$", memory_kib, passes, lanes);
}

// One of the places; waits for one when all are taken.
class Place {
 public:
  explicit Place(const std::filesystem::path& lock_file) : lock_(lock_file) {
    const int count = hash_places();
    const auto thread = std::hash<std::thread::id>()(std::this_thread::get_id());
    const int mine = static_cast<int>(thread % static_cast<std::size_t>(count));
    for (int at = 0; at < count; ++at)
      if (lock_.try_lock(lock_byte::first_hash_slot + (mine + at) % count)) return;
    lock_.lock(lock_byte::first_hash_slot + mine);
  }

 private:
  FileLock lock_;  // closing it frees the place
};

}  // namespace

int hash_places() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency() / 2));
}

Rules new_password_rules() {
  return {.required = true, .min = 8, .max = 1024, .format = Format::Password};
}

// OWASP ASVS 5.0, 6.2.4
static_assert(std::count(common_passwords.begin(), common_passwords.end(), '\n') > 3000);

// Linear, but next to nothing beside the hash.
bool is_common_password(std::string_view password) {
  return common_passwords.find('\n' + to_lower(password) + '\n') != common_passwords.npos;
}

PasswordHasher::PasswordHasher(std::filesystem::path lock_file) : lock_file_(std::move(lock_file)) {
  // The memory of a hash goes back to the system.  By itself malloc would raise this threshold with
  // the first one, and then keep 19 MiB in the arena of every thread that ever hashed.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

std::string PasswordHasher::hash(std::string_view password) const {
  const std::string salt = random_bytes(salt_bytes);
  std::array<char, 128> encoded{};
  const Place place(lock_file_);
  const int code =
      argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                            salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) throw std::runtime_error(argon2_error_message(code));
  return encoded.data();
}

bool PasswordHasher::verify(std::string_view password, const std::string& hash) const {
  const Place place(lock_file_);
  const int code = argon2id_verify(hash.c_str(), password.data(), password.size());
  if (code == ARGON2_OK) return true;
  if (code == ARGON2_VERIFY_MISMATCH) return false;
  throw std::runtime_error(argon2_error_message(code));
}

std::string unmatchable_hash() {
  const auto zeros = [](std::size_t bytes) { return std::string((bytes * 8 + 5) / 6, 'A'); };
  return parameters() + zeros(salt_bytes) + "$" + zeros(hash_bytes);
}

bool is_outdated_hash(std::string_view hash) { return !hash.starts_with(parameters()); }

}  // namespace actiond
