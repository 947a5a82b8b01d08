// The table of contents.
#include "site/actions.h"

namespace actiond::site {

std::vector<Action> actions(const PasswordHasher& hasher) {
  return {feedback(),
          feedback_list(),
          profile(),
          premium(),
          reports(),
          report(),
          account::sign_up(hasher),
          account::sign_in(hasher),
          account::sign_out(),
          account::sessions(),
          account::change_password(hasher)};
}

}  // namespace actiond::site
