#include <fmt/core.h>

#include <stdexcept>

#include "cli/commands.h"

namespace actiond::command {
void list_actions(const Site& site) { fmt::print("{}", catalogue_text(catalogue_of(site))); }

void list_actions_as_json(const Site& site) {
  fmt::print("{}", catalogue_json(catalogue_of(site)));
}

void print_nginx_limits(const Site& site) { fmt::print("{}", catalogue_nginx(catalogue_of(site))); }

void list_permissions(const Site& site) {
  const Catalogue all = catalogue_of(site);
  for (const std::string_view name : all.permissions()) fmt::print("{}\n", name);
}

void print_form(const Site& site, const std::string& action) {
  const Catalogue all = catalogue_of(site);
  const Action* found = all.find(action);
  if (found == nullptr) throw std::runtime_error("there is no action " + action);
  if (found->is_view())
    throw std::runtime_error(
        fmt::format("{} is a view: it has no form, and is opened with GET", action));
  fmt::print("{}", form_skeleton(*found));
}

}  // namespace actiond::command
