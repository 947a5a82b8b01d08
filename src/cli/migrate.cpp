#include <fmt/core.h>

#include "cli/commands.h"
#include "program/engine.h"
#include "sqlite/engine.h"

namespace actiond {

void command::migrate(const Settings& settings) {
  const int ran = engine_of(settings)->open();
  fmt::print("{}: {} of {} migrations ran now\n", settings.database.string(), ran,
             known_migrations());
}

}  // namespace actiond
