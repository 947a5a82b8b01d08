// The actions of this site, one file each.
#pragma once

#include <vector>

#include "account/actions.h"

namespace actiond::site {

Action feedback();
Action premium();
Action profile();

// With those of the account; `hasher` must outlive them.
std::vector<Action> actions(const PasswordHasher& hasher);

}  // namespace actiond::site
