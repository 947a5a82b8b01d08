#include "program/status_sources.h"

#include "payment/fetch_rows.h"
#include "payment/night_rows.h"
#include "payment/session_rows.h"
#include "program/engine.h"
#include "program/program.h"
#include "sqlite/engine.h"
#include "store/hosts.h"
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

void look_at_data(const Settings& settings, Reader& db, PoolSurroundings& around) {
  const OutboxCount mails = count_mails(db);
  around.mail = MailNow{mails.waiting, mails.parked, mails.dead, mails.oldest};
  const std::vector<Host> hosts = read_hosts(db);
  for (const Host& host : hosts) {
    HostNow& now = around.hosts.emplace_back(
        HostNow{host.name, host.socket, host.program, host.keys, host.clock_ahead, host.unseen});
    for (const auto& [what, text] : differences(host, hosts, schema_of(settings.site).program))
      now.differs.push_back(text);
  }
  if (!settings.stripe.payments.asks) return;
  const FetchCount fetches = count_fetches(db);
  const auto night = find_last_night(db);
  around.stripe = StripeNow{fetches.waiting, fetches.oldest, night ? night->report : "",
                            count_lost_sessions(db, current_time()).lost};
}

void add_data(const Settings& settings, ServerLook& look, PoolSurroundings& around) try {
  if (settings.postgres.empty())
    return read_data(settings, [&](Reader& db) { look_at_data(settings, db, around); });
  if (std::chrono::steady_clock::now() < look.next) return;
  if (!look.engine) look.engine = engine_of(settings);
  look_at_data(settings, look.engine->reader(), around);
} catch (const std::exception&) {
  look.next = std::chrono::steady_clock::now() + std::chrono::seconds(30);
}

std::vector<KeyNow> keys_now(const KeyRing& keys) {
  const std::string& signing = keys.signing().id;
  std::vector<KeyNow> now;
  for (const Key& key : keys.keys()) now.push_back({key.id, key.made, key.id == signing});
  return now;
}

}  // namespace

StatusSources status_sources(const Settings& settings, KeyRing keys) {
  keys.follow(current_time);
  return {.version = std::string(settings.site.version),
          .actions = counted_actions(settings.site),
          .look =
              [settings, keys, server = std::make_shared<ServerLook>()] {
                const SqliteSizes sizes = sqlite_sizes(settings.database);
                PoolSurroundings around{.database_bytes = sizes.database,
                                        .wal_bytes = sizes.log,
                                        .keys = keys_now(keys)};
                add_data(settings, *server, around);
                return around;
              },
          .opens = sockets_of(settings)};
}

}  // namespace actiond
