#include "account/actions.h"

namespace actiond::account {

std::vector<Action> actions(const PasswordHasher& hasher) {
  return {sign_up(hasher), sign_in(hasher), sign_out(), sessions(), change_password(hasher)};
}

}  // namespace actiond::account
