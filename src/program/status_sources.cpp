#include "program/status_sources.h"

#include "program/site_check.h"
#include "sqlite/engine.h"

namespace actiond {
namespace {

std::vector<CountedAction> counted_actions() {
  const Catalogue catalogue = site_catalogue();
  std::vector<CountedAction> counted{{"me", "public"}};
  for (const Action& action : catalogue.actions())
    counted.push_back({action.name, std::string(to_text(action.level()))});
  return counted;
}

}  // namespace

StatusSources status_sources(const Settings& settings, const KeyRing& keys) {
  std::vector<KeyNow> shown;
  for (const Key& key : keys.keys()) shown.push_back({key.id, key.made});
  return {.version = ACTIOND_VERSION,
          .actions = counted_actions(),
          .look = [database = settings.database, shown] {
            const SqliteSizes sizes = sqlite_sizes(database);
            return Surroundings{
                .database_bytes = sizes.database, .wal_bytes = sizes.log, .keys = shown};
          }};
}

}  // namespace actiond
