#include "payment/reference.h"

#include <fmt/format.h>

#include <charconv>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

std::string signed_reference(std::string_view user, std::string_view secret) {
  const std::string mac = hmac_sha256(secret, fmt::format("payment.v1.{}", user));
  return fmt::format("{}-{}", user, to_base64url(mac));
}

}  // namespace

std::string reference_of(std::int64_t user_id, const PaymentSettings& settings) {
  return signed_reference(std::to_string(user_id), settings.secrets.at(0));
}

std::optional<std::int64_t> user_of_reference(std::string_view reference,
                                              const PaymentSettings& settings) {
  const std::string_view user = reference.substr(0, reference.find('-'));
  std::int64_t id = 0;
  const char* end = user.data() + user.size();
  if (user.empty() || std::from_chars(user.data(), end, id).ptr != end) return std::nullopt;
  bool fits = false;
  for (const std::string& secret : settings.secrets)
    fits |= equal_in_constant_time(reference, signed_reference(user, secret));
  return fits ? std::optional(id) : std::nullopt;
}

}  // namespace actiond
