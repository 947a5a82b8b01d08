// The token of a mailed link, as it stands in the link's address.
#pragma once

#include <string>

#include "action/asked.h"

namespace actiond::account {

struct ByToken {
  std::string token;
};

inline const Asked<ByToken> by_token{{{"token", &ByToken::token, {.required = true, .max = 64}}}};

}  // namespace actiond::account
