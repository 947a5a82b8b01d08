#include "site/actions.h"

namespace actiond::site {

std::vector<PersonalColumn> personal() {
  using Holds = PersonalColumn::Holds;
  return {{"feedback", "email", Holds::Address},
          {"feedback", "message", Holds::Text},
          {"feedback", "created_at"},
          {"reports", "user_id", Holds::Account},
          {"reports", "id"},
          {"reports", "topic"},
          {"reports", "pages"},
          {"reports", "created_at"}};
}

}  // namespace actiond::site
