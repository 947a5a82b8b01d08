#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"
#include "cli/grants.h"
#include "store/grants.h"

namespace actiond {

void command::show_access(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  Reader& db = engine->reader();
  if (const auto since = grants_blocked_at(db, require_account(db, email).id))
    fmt::print("{}\tblocked\tsince {}: nothing that is granted counts\n", email,
               to_rfc3339(*since));
  if (print_grants(db, email) == 0) fmt::print("{}: nothing is granted\n", email);
}

}  // namespace actiond
