// The table of contents.
#include "site/actions.h"

namespace actiond::site {

std::vector<Action> actions() {
  return {feedback(), feedback_list(), profile(), premium(), reports(), report()};
}

Site site() {
  return {.name = "actiond", .version = SITE_VERSION, .actions = actions, .migrations = migrations};
}

}  // namespace actiond::site
