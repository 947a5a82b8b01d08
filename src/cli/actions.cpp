#include <fmt/core.h>

#include "cli/commands.h"
#include "core/catalogue.h"
#include "site/actions.h"

namespace actiond {

void add_actions(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("actions", "Every action with its level, fields and rules");
  command->add_flag("--json", *json, "As the JSON of GET /actions/");
  command->callback([json] {
    const PasswordHasher unused("");
    const Catalogue catalogue(site::actions(unused));
    fmt::print("{}", *json ? catalogue.json() : catalogue.text());
  });
}

}  // namespace actiond
