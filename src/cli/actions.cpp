#include "site/actions.h"

#include <fmt/core.h>

#include "cli/commands.h"
#include "core/catalogue.h"

namespace actiond {

void add_actions(CLI::App& app) {
  struct Arguments {
    bool json = false;
    bool nginx = false;
    std::string form;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("actions", "Every action with its level, fields and rules");
  command->add_flag("--json", arguments->json, "As the JSON of GET /actions/");
  command->add_flag("--nginx", arguments->nginx, "As limits.conf, nginx's limits on bodies and guesses");
  command->add_option("--form", arguments->form,
                      "Print a form for this action to copy into a page");
  command->callback([arguments] {
    const PasswordHasher unused("");
    const Catalogue catalogue(site::actions(unused));
    if (arguments->nginx) return fmt::print("{}", catalogue_nginx(catalogue));
    if (arguments->json) return fmt::print("{}", catalogue_json(catalogue));
    if (arguments->form.empty()) return fmt::print("{}", catalogue_text(catalogue));
    const Action* action = catalogue.find(arguments->form);
    if (action == nullptr) throw std::runtime_error("there is no action " + arguments->form);
    fmt::print("{}", form_skeleton(*action));
  });
}

}  // namespace actiond
