// The actions of this site, one file each.
#pragma once

#include <vector>

#include "core/action.h"
#include "store/password.h"

namespace actiond::site {

Action change_password(const PasswordHasher& hasher);
Action feedback();
Action premium();
Action profile();
Action sessions();
Action sign_in(const PasswordHasher& hasher);
Action sign_out();
Action sign_up(const PasswordHasher& hasher);

// `hasher` must outlive them.
std::vector<Action> actions(const PasswordHasher& hasher);

}  // namespace actiond::site
