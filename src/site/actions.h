// The actions of this site, one file each.
#pragma once

#include <vector>

#include "account/actions.h"

namespace actiond::site {

Action feedback();
Action feedback_list();
Action premium();
Action profile();
Action report();
Action reports();

// With those of the account; `hasher` must outlive them.
std::vector<Action> actions(const PasswordHasher& hasher);

}  // namespace actiond::site
