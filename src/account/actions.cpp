#include "account/actions.h"

namespace actiond::account {

std::vector<Action> actions(const PasswordHasher& hasher, const std::vector<std::string>& others) {
  return {sign_up(hasher),
          sign_in(hasher),
          sign_out(),
          sessions(),
          change_password(hasher),
          forgot_password(),
          reset_password(hasher),
          verify_email(),
          change_email(hasher),
          delete_account(hasher),
          tokens(others)};
}

std::vector<Action> mail_sign_in_actions() { return {sign_in_by_mail(), mailed_sign_in()}; }

}  // namespace actiond::account
