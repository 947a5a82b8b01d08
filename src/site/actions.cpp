// The table of contents.
#include "site/actions.h"

namespace actiond::site {

std::vector<Action> actions(const PasswordHasher& hasher) {
  return {feedback(),      profile(),  premium(),  sign_up(hasher),
          sign_in(hasher), sign_out(), sessions(), change_password(hasher)};
}

}  // namespace actiond::site
