// The PostgreSQL server, where the settings name one.
#include <fmt/format.h>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "doctor/migrations.h"
#include "postgres/engine.h"
#include "program/engine.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr int oldest_version = 150000;
constexpr std::chrono::seconds tolerated(1);
constexpr int spare_connections = 10;  // for the operator, backups and the command line

}  // namespace

Findings judge(const ServerFacts& facts) {
  Findings found;
  const auto report = [&](std::string what, std::string why, std::string mend) {
    found.push_back({fmt::format("{}: {}", facts.place, what), std::move(why), std::move(mend)});
  };
  report_migrations(facts.schema, "Every action answers 503.",
                    fmt::format("Run {}.", in_shell("migrate")), report);
  if (facts.version < oldest_version)
    report(fmt::format("its version is {}", facts.version / 10'000),
           "It was tried with 15 and later alone.", "Upgrade the server.");
  if (!facts.is_synced || !facts.has_full_pages)
    report(fmt::format("{} is off", facts.is_synced ? "full_page_writes" : "fsync"),
           "A power cut corrupts the data.", "Put `on` in its postgresql.conf, and restart it.");
  if (!facts.commits_at_once)
    report("synchronous_commit is off", "An answer that said done may not survive a power cut.",
           "Put `on` in its postgresql.conf, or ALTER ROLE … RESET synchronous_commit.");
  if (facts.most_connections < facts.wanted_connections + spare_connections)
    report(fmt::format("max_connections is {}, and this pool alone may take {}",
                       facts.most_connections, facts.wanted_connections),
           "Visitors get a 503 when there are no more.",
           fmt::format("max_connections = {} for each host that serves, or fewer workers.",
                       facts.wanted_connections + spare_connections));
  if (facts.is_superuser)
    report("its user is a superuser", "Whoever takes over a worker has the whole server.",
           "CREATE ROLE one without SUPERUSER, and name it in store.database.");
  if (std::chrono::abs(facts.clock_ahead) > tolerated)
    report(fmt::format("its clock is {} ms ahead of this one", facts.clock_ahead.count()),
           "Sessions and access end at another time on each host.",
           "See that systemd-timesyncd or chrony runs on both.");
  return found;
}

Findings check_postgres(const Patient& patient) {
  const Settings& settings = patient.settings;
  const auto engine = engine_of(settings);
  const int wanted = settings.pool.workers * connections_of_a_worker;
  ServerFacts facts{.place = shown_place(settings),
                    .schema = engine->schema_state(),
                    .version = oldest_version,
                    .is_synced = true,
                    .has_full_pages = true,
                    .commits_at_once = true,
                    .most_connections = wanted + spare_connections,
                    .wanted_connections = wanted,
                    .is_superuser = false,
                    .clock_ahead = {}};
  // Until they ran nothing can be read.
  if (!facts.schema.newer.empty() || !facts.schema.missing.empty()) return judge(facts);
  std::int64_t now = 0;
  std::tie(facts.version, facts.is_synced, facts.has_full_pages, facts.commits_at_once,
           facts.most_connections, facts.is_superuser, now) =
      *engine->reader().row<int, bool, bool, bool, int, bool, std::int64_t>(
          "SELECT current_setting('server_version_num')::int, current_setting('fsync')::bool, "
          "current_setting('full_page_writes')::bool, "
          "current_setting('synchronous_commit') <> 'off', "
          "current_setting('max_connections')::int, current_setting('is_superuser')::bool, "
          "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint");
  facts.clock_ahead =
      std::chrono::milliseconds(now) - std::chrono::duration_cast<std::chrono::milliseconds>(
                                           std::chrono::system_clock::now().time_since_epoch());
  return judge(facts);
}

}  // namespace actiond::doctor
