// Stripe's ids, keys and codes.
#pragma once

#include "base/encoding.h"

namespace actiond {

constexpr bool is_of_stripe_id(char c) { return is_letter_or_digit(c) || c == '_'; }

}  // namespace actiond
