#include <fmt/core.h>

#include "cli/commands.h"
#include "program/site_check.h"

namespace actiond::command {
void list_actions() { fmt::print("{}", catalogue_text(site_catalogue())); }

void list_actions_as_json() { fmt::print("{}", catalogue_json(site_catalogue())); }

void print_nginx_limits() { fmt::print("{}", catalogue_nginx(site_catalogue())); }

void print_form(const std::string& action) {
  const Catalogue all = site_catalogue();
  const Action* found = all.find(action);
  if (found == nullptr) throw std::runtime_error("there is no action " + action);
  fmt::print("{}", form_skeleton(*found));
}

}  // namespace actiond::command
