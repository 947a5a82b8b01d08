#include <fmt/core.h>

#include "cli/commands.h"
#include "store/database.h"

namespace actiond {

void add_migrate(CLI::App& app, const SettingsFile& settings) {
  app.add_subcommand("migrate", "Make the database, or bring it up to date")->callback([&settings] {
    const Settings loaded = settings.load();
    const int ran = Database(loaded.database, site_migrations()).open();
    fmt::print("{}: {} of {} migrations ran now\n", loaded.database.string(), ran,
               site_migrations().size());
  });
}

}  // namespace actiond
