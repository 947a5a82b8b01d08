#include "program/site.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "account/actions.h"

namespace actiond {

std::vector<Action> actions_of(const Site& site, const PasswordHasher& hasher) {
  std::vector<Action> actions = site.actions();
  std::ranges::move(account::actions(hasher), std::back_inserter(actions));
  return actions;
}

Catalogue catalogue_of(const Site& site) {
  static const PasswordHasher unused("");
  return Catalogue(actions_of(site, unused));
}

Schema schema_of(const Site& site) {
  return {library_migrations(), site.migrations(), fmt::format("{} {}", site.name, site.version)};
}

}  // namespace actiond
