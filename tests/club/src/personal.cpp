#include "actions.h"

namespace site {

std::vector<PersonalColumn> personal() {
  using Holds = PersonalColumn::Holds;
  return {{"entries", "user_id", Holds::Account},
          {"entries", "event_id"},
          {"entries", "name"},
          {"entries", "email", Holds::Address},
          {"entries", "people"},
          {"adverts", "user_id", Holds::Account},
          {"adverts", "title"},
          {"adverts", "text"},
          {"adverts", "picture", Holds::File}};
}

}  // namespace site
