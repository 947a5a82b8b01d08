#include <fmt/core.h>

#include <stdexcept>

#include "base/program_name.h"
#include "cli/commands.h"
#include "postgres/engine.h"
#include "program/engine.h"
#include "sqlite/redo.h"

namespace actiond {

void command::redo_migration(const Settings& settings) {
  if (!settings.is_for_this_machine())
    throw std::runtime_error(
        "rows would be lost: --redo is for a site whose origins are all on this machine");
  if (!settings.postgres.empty())
    throw std::runtime_error(
        "--redo is for SQLite: on PostgreSQL drop the database, make it anew and migrate");
  const std::string redone = redo_last(settings.database, schema_of(settings.site));
  fmt::print("{}: {} ran again; what it had made before is gone\n", settings.database.string(),
             redone);
}

void command::migrate(const Settings& settings, const std::string& owner) {
  if (!owner.empty() && (settings.postgres.empty() || !is_postgres_url(owner)))
    throw std::runtime_error("--database is for PostgreSQL: both it and store.database are URLs");
  const Schema schema = schema_of(settings.site);
  const auto engine = engine_of(settings);
  require_ripe_migrations(settings);
  const int ran = owner.empty() ? engine->migrate() : migrate_as(owner, settings.postgres, schema);
  fmt::print("{}: {} of {} migrations ran now\n", shown_place(settings), ran, schema.size());
  const bool can_redo = settings.is_for_this_machine() && settings.postgres.empty();
  for (const std::string& edited : engine->schema_state().edited) {
    const bool is_last = !schema.site.empty() && edited.starts_with(schema.site.back().name);
    fmt::print("the migration {} was edited since: {}\n", edited,
               can_redo && is_last ? in_shell("migrate --redo") + " runs it again"
                                   : "a new database is made otherwise");
  }
}

}  // namespace actiond
