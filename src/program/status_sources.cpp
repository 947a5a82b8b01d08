#include "program/status_sources.h"

#include "program/engine.h"
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

// The way to a server is kept: `engine` is made by the process that looks, behind its fork.
std::optional<MailNow> mail_now(const Settings& settings, std::unique_ptr<Engine>& engine) try {
  OutboxCount mails;
  if (settings.postgres.empty()) {
    read_data(settings, [&](Reader& db) { mails = count_mails(db); });
  } else {
    if (!engine) engine = engine_of(settings);
    mails = count_mails(engine->reader());
  }
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
          .look =
              [settings, shown, engine = std::make_shared<std::unique_ptr<Engine>>()] {
                const SqliteSizes sizes = sqlite_sizes(settings.database);
                return Surroundings{.database_bytes = sizes.database,
                                    .wal_bytes = sizes.log,
                                    .keys = shown,
                                    .mail = mail_now(settings, *engine)};
              },
          .opens = sockets_of(settings)};
}

}  // namespace actiond
