#include "access/session.h"
#include "cli/commands.h"
#include "cli/grants.h"

namespace actiond {

void command::grant(const Settings& settings, const std::string& email, const std::string& until) {
  set_grant(settings, "grant", email, paid_grant, read_until(until));
}

void command::revoke(const Settings& settings, const std::string& email) {
  set_grant(settings, "revoke", email, paid_grant, std::nullopt);
}

}  // namespace actiond
