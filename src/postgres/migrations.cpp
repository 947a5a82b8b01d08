#include "postgres/migrations.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "postgres/dialect.h"
#include "postgres/files.h"

namespace actiond {
namespace {

using namespace migrating;

// Of pg_advisory_lock, which all programs of ours take for this.
constexpr std::int64_t migrating_lock = 0x616374696f6e64;

// The texts of both engines use the first two, which SQLite has; the tables are of the engine.
// unixepoch() calls nothing volatile, or the server would parse and plan it anew at each row.
constexpr const char* foundation =
    "CREATE COLLATION IF NOT EXISTS nocase"
    " (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
    "CREATE OR REPLACE FUNCTION unixepoch() RETURNS BIGINT LANGUAGE sql STABLE PARALLEL SAFE "
    "AS 'SELECT floor(extract(epoch FROM statement_timestamp()))::BIGINT';"
    "CREATE TABLE IF NOT EXISTS commit_ids ("
    "  id       BYTEA PRIMARY KEY,"
    "  at       BIGINT NOT NULL DEFAULT unixepoch(),"
    "  is_burnt BOOLEAN NOT NULL DEFAULT false"  // no transaction of this id is to commit any more
    ");"
    "CREATE INDEX IF NOT EXISTS commit_ids_by_age ON commit_ids (at);"
    "CREATE TABLE IF NOT EXISTS migrations ("
    "  sequence TEXT NOT NULL,"
    "  name     TEXT NOT NULL,"
    "  checksum TEXT NOT NULL,"  // base64url of the SHA-256 of its text
    "  program  TEXT NOT NULL,"
    "  ran_at   BIGINT NOT NULL,"
    "  PRIMARY KEY (sequence, name)"
    ");"
    "ALTER TABLE migrations ADD COLUMN IF NOT EXISTS contracts BIGINT NOT NULL DEFAULT 1;";

bool has_table(PostgresConnection& db) {
  return db.row<bool>("SELECT to_regclass('migrations') IS NOT NULL") == std::tuple(true);
}

std::vector<Ran> read_ran(PostgresConnection& db) {
  const auto says_contracts = db.row<bool>(
      "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('migrations') AND "
      "attname = 'contracts')");
  return migrating::read_ran(db, std::get<0>(*says_contracts));
}

// A text for PostgreSQL alone is the one that counts.
Schema in_postgres(Schema schema) {
  for (auto* sequence : {&schema.library, &schema.site})
    for (Migration& migration : *sequence)
      if (!migration.postgres.empty()) migration.sql = migration.postgres;
  return schema;
}

std::string text_of(const Migration& migration) {
  return migration.postgres.empty() ? migration_for_postgres(migration.sql)
                                    : std::string(migration.postgres);
}

class MigratingLock {
 public:
  explicit MigratingLock(PostgresConnection& db) : db_(db) {
    db_.step("SELECT pg_advisory_lock(?)", std::array{Value(migrating_lock)});
  }
  MigratingLock(const MigratingLock&) = delete;
  MigratingLock& operator=(const MigratingLock&) = delete;
  ~MigratingLock() {
    try {
      db_.step("SELECT pg_advisory_unlock(?)", std::array{Value(migrating_lock)});
    } catch (const std::exception&) {
      // It ends with the connection.
    }
  }

 private:
  PostgresConnection& db_;
};

// Kept when `work` returns, undone when it throws.
template <class Work>
void in_transaction(PostgresConnection& db, Work work) {
  db.begin("READ COMMITTED READ WRITE");
  try {
    work();
    db.commit();
  } catch (...) {
    db.roll_back();
    throw;
  }
}

void run(PostgresConnection& db, const Step& step, const Schema& schema) {
  try {
    in_transaction(db, [&] {
      db.script(text_of(step.migration));
      const auto now = db.row<Time>("SELECT unixepoch()");
      note_ran(db, ran_now(step, schema, std::get<0>(*now)));
    });
  } catch (const ConnectionLost&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("migration {} failed, nothing of it was kept: {}",
                                         step.migration.name, error.what()));
  }
}

}  // namespace

int migrate(PostgresConnection& db, const Schema& all) {
  const Schema schema = in_postgres(all);
  db.set_patience(std::chrono::minutes(30));
  db.script("SET statement_timeout = 0; SET lock_timeout = '10s'");
  const MigratingLock lock(db);
  in_transaction(db, [&] { db.script(std::string(foundation).append(files_tables)); });
  const std::vector<Ran> ran = read_ran(db);
  if (const std::string why = why_newer(ran, schema); !why.empty()) throw Unavailable(why);
  const std::vector<Step> missing = missing_of(ran, schema);
  for (const Step& step : missing) run(db, step, schema);
  return static_cast<int>(missing.size());
}

void grant_rows(PostgresConnection& db, std::string_view role) {
  const std::string to = quoted_name(role);
  std::string grants;
  for (const auto& [schema, table] : db.rows<std::string, std::string>(
           "SELECT CAST(schemaname AS TEXT), CAST(tablename AS TEXT) FROM pg_catalog.pg_tables "
           "WHERE schemaname = current_schema() AND tableowner = current_user"))
    grants += fmt::format("REVOKE ALL ON {0}.{1} FROM {2}; GRANT {3} ON {0}.{1} TO {2};",
                          quoted_name(schema), quoted_name(table), to,
                          table == "migrations" ? "SELECT" : "SELECT, INSERT, UPDATE, DELETE");
  in_transaction(db, [&] { db.script(grants); });
}

SchemaState schema_state(PostgresConnection& db, const Schema& all) {
  const Schema schema = in_postgres(all);
  const std::vector<Ran> ran = has_table(db) ? read_ran(db) : std::vector<Ran>();
  return state_of(db, ran, schema, why_newer(ran, schema));
}

}  // namespace actiond
