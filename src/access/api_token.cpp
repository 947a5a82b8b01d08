#include "access/api_token.h"

#include <algorithm>
#include <utility>

#include "base/crypto.h"

namespace actiond {
namespace {

constexpr std::string_view prefix = "actd_";
constexpr std::size_t random_letters = 30, check_letters = 6;
constexpr std::string_view alphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

char letter_of(char byte) { return alphabet[static_cast<unsigned char>(byte) % alphabet.size()]; }

std::string sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return std::move(hash).finish();
}

std::string check_of(std::string_view text) {
  std::string check = sha256(text).substr(0, check_letters);
  std::ranges::transform(check, check.begin(), letter_of);
  return check;
}

}  // namespace

std::string new_api_token() {
  // Bytes from there on would make some letters more likely than others.
  constexpr unsigned char end = 256 / alphabet.size() * alphabet.size();
  std::string token(prefix);
  while (token.size() < prefix.size() + random_letters)
    if (const char byte = random_bytes(1).front(); static_cast<unsigned char>(byte) < end)
      token += letter_of(byte);
  return token + check_of(token);
}

std::optional<ApiTokenHash> hash_of_api_token(std::string_view text) {
  if (text.size() != prefix.size() + random_letters + check_letters) return std::nullopt;
  const std::string_view checked = text.substr(0, text.size() - check_letters);
  if (!checked.starts_with(prefix) || text.substr(checked.size()) != check_of(checked))
    return std::nullopt;
  return ApiTokenHash{sha256(text)};
}

}  // namespace actiond
