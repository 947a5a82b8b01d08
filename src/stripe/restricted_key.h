// The key with which the courier asks Stripe: https://docs.stripe.com/keys/restricted-api-keys
#pragma once

#include <filesystem>
#include <string>

namespace actiond {

// Throws std::runtime_error, in words for the operator, when there is none, others may read it, it
// may do everything ("sk_…"), or it is of the other mode.
std::string read_restricted_key(const std::filesystem::path& file, bool is_live);

}  // namespace actiond
