#include "program/status_sources.h"

#include "sqlite/engine.h"
#include "store/outbox.h"

namespace actiond {
namespace {

std::vector<CountedAction> counted_actions(const Site& site) {
  const Catalogue catalogue = catalogue_of(site);
  std::vector<CountedAction> counted{{"me", "public"}};
  for (const Action& action : catalogue.actions())
    counted.push_back({action.name, std::string(to_text(action.level()))});
  return counted;
}

std::optional<MailNow> mail_now(const std::filesystem::path& database) try {
  OutboxCount mails;
  read_sqlite(database, [&](Reader& db) { mails = count_mails(db); });
  return MailNow{mails.waiting, mails.parked, mails.dead, mails.oldest};
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace

StatusSources status_sources(const Settings& settings, const KeyRing& keys) {
  std::vector<KeyNow> shown;
  for (const Key& key : keys.keys()) shown.push_back({key.id, key.made});
  return {.version = std::string(settings.site.version),
          .actions = counted_actions(settings.site),
          .look = [database = settings.database, shown] {
            const SqliteSizes sizes = sqlite_sizes(database);
            return Surroundings{.database_bytes = sizes.database,
                                .wal_bytes = sizes.log,
                                .keys = shown,
                                .mail = mail_now(database)};
          }};
}

}  // namespace actiond
