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

// The way to a server is kept.  One that does not answer is left alone for a while: whoever asks
// for the status wants it then most.
struct ServerLook {
  std::unique_ptr<Engine> engine;  // made by the process that looks, behind its fork
  std::chrono::steady_clock::time_point next = {};
};

std::optional<MailNow> mail_now(const Settings& settings, ServerLook& look) try {
  OutboxCount mails;
  if (settings.postgres.empty()) {
    read_data(settings, [&](Reader& db) { mails = count_mails(db); });
  } else {
    if (std::chrono::steady_clock::now() < look.next) return std::nullopt;
    if (!look.engine) look.engine = engine_of(settings);
    mails = count_mails(look.engine->reader());
  }
  return MailNow{mails.waiting, mails.parked, mails.dead, mails.oldest};
} catch (const std::exception&) {
  look.next = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  return std::nullopt;
}

}  // namespace

StatusSources status_sources(const Settings& settings, const KeyRing& keys) {
  std::vector<KeyNow> shown;
  for (const Key& key : keys.keys()) shown.push_back({key.id, key.made});
  return {.version = std::string(settings.site.version),
          .actions = counted_actions(settings.site),
          .look =
              [settings, shown, server = std::make_shared<ServerLook>()] {
                const SqliteSizes sizes = sqlite_sizes(settings.database);
                return PoolSurroundings{.database_bytes = sizes.database,
                                        .wal_bytes = sizes.log,
                                        .keys = shown,
                                        .mail = mail_now(settings, *server)};
              },
          .opens = sockets_of(settings)};
}

}  // namespace actiond
