#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/grants.h"
#include "program/engine.h"

namespace actiond {

void command::show_access(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  if (print_grants(engine->reader(), email) == 0) fmt::print("{}: nothing is granted\n", email);
}

}  // namespace actiond
