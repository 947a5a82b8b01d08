// The word by which a payment says whose it is: it goes to Stripe in the address of a payment link
// (client_reference_id), where its visitor can change it, and comes back in an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "payment/payment_settings.h"

namespace actiond {

// "17-MAC": letters, digits, '-' and '_', as Stripe takes them.  Signed by the first of the
// webhook's secrets, of which there has to be one.
std::string reference_of(std::int64_t user_id, const PaymentSettings& settings);

// Nothing for a reference that no secret of ours signed.
std::optional<std::int64_t> user_of_reference(std::string_view reference,
                                              const PaymentSettings& settings);

}  // namespace actiond
