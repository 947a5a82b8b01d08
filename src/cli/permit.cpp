#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/account.h"
#include "cli/commands.h"
#include "cli/grants.h"
#include "store/grants.h"

namespace actiond {
namespace {

void require_grant_name(const std::string& name) {
  if (!is_grant_name(name)) throw WrongUsage("NAME", "takes a name of [a-z0-9][a-z0-9:-]*");
}

void require_permission(const Site& site, const std::string& name) {
  const Catalogue catalogue = catalogue_of(site);
  const auto names = catalogue.permissions();
  if (names.contains(name)) return;
  const std::string all = names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
  throw std::runtime_error(
      fmt::format("no action of this site asks for {}; the permissions are: {}", name, all));
}

bool has_grant(const Settings& settings, const std::string& email, const std::string& name) {
  const auto engine = engine_of(settings);
  const auto grants = list_grants(engine->reader(), require_account(engine->reader(), email).id);
  return std::any_of(grants.begin(), grants.end(),
                     [&](const SourcedGrant& grant) { return grant.name == name; });
}

}  // namespace

void command::permit(const Settings& settings, const std::string& email, const std::string& name,
                     const std::string& until) {
  require_grant_name(name);
  require_permission(settings.site, name);
  set_grant(settings, "permit", email, name, read_until(until));
}

void command::forbid(const Settings& settings, const std::string& email, const std::string& name) {
  require_grant_name(name);
  // A permission that the site no longer asks for can still be taken away.
  if (!has_grant(settings, email, name)) require_permission(settings.site, name);
  set_grant(settings, "forbid", email, name, std::nullopt);
}

}  // namespace actiond
