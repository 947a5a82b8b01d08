#include <fmt/core.h>

#include "cli/commands.h"
#include "sqlite/database.h"

namespace actiond {

void command::migrate(const Settings& settings) {
  const int ran = Database(settings.database, site_migrations()).open();
  fmt::print("{}: {} of {} migrations ran now\n", settings.database.string(), ran,
             site_migrations().size());
}

}  // namespace actiond
