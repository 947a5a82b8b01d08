// The actions of the account, which every site has: one file each.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "account/password.h"
#include "action/action.h"

namespace actiond::account {

// `hasher` must outlive the actions.
Action change_email(const PasswordHasher& hasher);
Action change_password(const PasswordHasher& hasher);
Action delete_account(const PasswordHasher& hasher);
Action forgot_password();
Action mailed_sign_in();
Action reset_password(const PasswordHasher& hasher);
Action sessions();
Action sign_in(const PasswordHasher& hasher);
Action sign_in_by_mail();
Action sign_out();
Action sign_up(const PasswordHasher& hasher);
// A token may be for the actions of those names alone.
Action tokens(const std::vector<std::string>& names);
Action verify_email();

// `others` are the names of the site's own.
std::vector<Action> actions(const PasswordHasher& hasher, const std::vector<std::string>& others);
// Of a site whose visitors may sign in by a mail, and their pages.
constexpr std::array<std::string_view, 2> mail_sign_in_pages{"sign-in-by-mail.html",
                                                             "mailed-sign-in.html"};
std::vector<Action> mail_sign_in_actions();

}  // namespace actiond::account
