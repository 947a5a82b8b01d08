// Commands that change rows which their operator names by number.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "program/settings.h"

namespace actiond {

// Calls `change` for each, in a transaction of its own, and prints "5: dropped".  `change` answers
// false for a number that it does not fit: std::runtime_error, "no mail 5 is unsent", as `missing`
// ("no mail {} is unsent") says it.
void change_each_row(const Settings& settings, const std::vector<std::int64_t>& ids,
                     std::string_view missing, std::string_view done,
                     const std::function<bool(Transaction&, std::int64_t)>& change);

}  // namespace actiond
