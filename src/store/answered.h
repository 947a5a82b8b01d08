// Addresses that were answered by a mail that nobody wrote: each gets one a day.
#pragma once

#include <chrono>

#include "data/store.h"
#include "mail/address.h"

namespace actiond {

constexpr std::chrono::days between_answers(1);

// False when the address had its answer already.  Notes that it has it now.
bool begin_answer(Transaction& tx, const Address& to, Time now);

}  // namespace actiond
