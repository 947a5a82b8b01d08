// The actions of the account, which every site has: one file each.
#pragma once

#include <vector>

#include "account/password.h"
#include "action/action.h"

namespace actiond::account {

// `hasher` must outlive the actions.
Action change_password(const PasswordHasher& hasher);
Action sessions();
Action sign_in(const PasswordHasher& hasher);
Action sign_out();
Action sign_up(const PasswordHasher& hasher);

std::vector<Action> actions(const PasswordHasher& hasher);

}  // namespace actiond::account
