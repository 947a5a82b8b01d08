#include "site/actions.h"

#include <fmt/core.h>

#include "action/catalogue.h"
#include "cli/commands.h"

namespace actiond::command {
namespace {

Catalogue catalogue() {
  static const PasswordHasher unused("");
  return Catalogue(site::actions(unused));
}

}  // namespace

void list_actions() { fmt::print("{}", catalogue_text(catalogue())); }

void list_actions_as_json() { fmt::print("{}", catalogue_json(catalogue())); }

void print_nginx_limits() { fmt::print("{}", catalogue_nginx(catalogue())); }

void print_form(const std::string& action) {
  const Catalogue all = catalogue();
  const Action* found = all.find(action);
  if (found == nullptr) throw std::runtime_error("there is no action " + action);
  fmt::print("{}", form_skeleton(*found));
}

}  // namespace actiond::command
