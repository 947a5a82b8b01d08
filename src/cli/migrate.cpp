#include <fmt/core.h>

#include "cli/commands.h"
#include "program/engine.h"
#include "sqlite/engine.h"

namespace actiond {

void command::migrate(const Settings& settings) {
  const int ran = engine_of(settings)->open();
  const Schema schema = schema_of(settings.site);
  fmt::print("{}: {} of {} migrations ran now\n", settings.database.string(), ran, schema.size());
  for (const std::string& edited : sqlite_facts(settings.database, schema).schema.edited)
    fmt::print("the migration {} was edited since: a new database is made otherwise\n", edited);
}

}  // namespace actiond
