#include "program/engine.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "postgres/engine.h"
#include "sqlite/engine.h"

namespace actiond {
namespace {

// A reload has ended when the former workers were told to go.  Then those that had nothing to do
// are gone, and the new ones say so in the table `hosts`, within moments.
constexpr std::chrono::seconds for_former_workers(3);
constexpr std::chrono::milliseconds between_looks(100);

}  // namespace

std::unique_ptr<Engine> engine_of(const Settings& settings, const UploadFolder* uploads,
                                  CommitWatch* watch) {
  // A thread that waits for the server has a connection: some always lead, or hash.
  const int connections = std::clamp(settings.pool.threads / 2, 1, connections_of_a_worker);
  if (!settings.postgres.empty())
    return postgres_engine(settings.postgres, schema_of(settings.site), uploads, watch,
                           connections);
  return sqlite_engine(settings.database, schema_of(settings.site), uploads, watch);
}

void read_data(const Settings& settings, const std::function<void(Reader&)>& work) {
  if (settings.postgres.empty()) return read_sqlite(settings.database, work);
  work(engine_of(settings)->reader());
}

void require_ripe_migrations(const Settings& settings) {
  if (settings.postgres.empty() && !std::filesystem::exists(settings.database)) return;
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + for_former_workers;
  for (;;) {
    const std::string why = engine_of(settings)->schema_state().premature;
    if (why.empty()) return;
    if (Clock::now() > end) throw std::runtime_error(why);
    std::this_thread::sleep_for(between_looks);
  }
}

Opens sockets_of(const Settings& settings) {
  if (settings.postgres.empty()) return Opens::Nothing;
  return is_over_network(settings.postgres) ? Opens::Connections : Opens::UnixSockets;
}

std::string shown_place(const Settings& settings) {
  if (settings.postgres.empty()) return settings.database.string();
  return "PostgreSQL, " + shown_postgres(settings.postgres);
}

}  // namespace actiond
