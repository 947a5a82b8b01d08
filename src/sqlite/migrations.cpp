#include "sqlite/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace actiond {

namespace {

using namespace migrating;

// A database from before there were two sequences, at the number of its user_version.  A number
// that both have was the site's: the library's came later, under a program that was never built.
std::vector<Ran> ran_by_number(int version, const Schema& schema) {
  std::vector<Ran> ran;
  for (const Step& step : steps_of(schema)) {
    const bool is_taken =
        step.sequence == "library" && std::ranges::find(schema.site, step.migration.number,
                                                        &Migration::number) != schema.site.end();
    if (step.migration.number <= version && !is_taken)
      ran.push_back({std::string(step.sequence),
                     std::string(step.migration.name),
                     checksum_of(step.migration),
                     "",
                     {},
                     is_contracting(step.migration)});
  }
  return ran;
}

// The state of a database, as far as it concerns its steps.
struct Record {
  bool has_table = false, says_contracts = false;
  std::size_t version = 0;  // user_version: what older programs go by, a count of both sequences
  std::vector<Ran> ran;
};

Record read_record(Connection& db, const Schema& schema) {
  Record record;
  record.has_table =
      db.row<int>("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").has_value();
  const int version = std::get<0>(*db.row<int>("PRAGMA user_version"));
  record.version = static_cast<std::size_t>(version);
  if (!record.has_table) {
    record.ran = ran_by_number(version, schema);
    return record;
  }
  record.says_contracts =
      db.row<int>("SELECT 1 FROM pragma_table_info('migrations') WHERE name = 'contracts'")
          .has_value();
  record.ran = read_ran(db, record.says_contracts);
  return record;
}

// Why this program must not use the database; empty: it may.
std::string why_refused(const Record& record, const Schema& schema) {
  if (std::string why = why_newer(record.ran, schema); !why.empty()) return why;
  // A program that counts in another way wrote another number.
  if (record.version > std::max(record.ran.size(), record.has_table ? 0 : schema.size()))
    return fmt::format(
        "the database is at migration {}, this program knows only {}: install the newer program",
        record.version, schema.size());
  return "";
}

void make_table(Connection& db, const Record& record) {
  if (record.says_contracts) return;
  if (record.has_table)
    return db.script(
        "ALTER TABLE migrations ADD COLUMN "
        "contracts INTEGER NOT NULL DEFAULT 1");
  db.script(
      "CREATE TABLE migrations ("
      "  sequence  TEXT NOT NULL,"
      "  name      TEXT NOT NULL,"
      "  checksum  TEXT NOT NULL,"  // base64url of the SHA-256 of its text
      "  program   TEXT NOT NULL,"
      "  ran_at    INTEGER NOT NULL,"
      "  contracts INTEGER NOT NULL DEFAULT 1,"
      "  PRIMARY KEY (sequence, name)"
      ") STRICT, WITHOUT ROWID");
  for (const Ran& one : record.ran) note_ran(db, one);
}

void run(Connection& db, const Step& step, const Schema& schema) {
  const Migration& migration = step.migration;
  try {
    db.script(std::string(migration.sql));
    const auto dangling = db.row<std::string>("SELECT \"table\" FROM pragma_foreign_key_check");
    if (dangling)
      throw std::runtime_error("a row of " + std::get<0>(*dangling) + " refers to none");
    const Time now(std::chrono::seconds(std::get<0>(*db.row<std::int64_t>("SELECT unixepoch()"))));
    note_ran(db, ran_now(step, schema, now));
    const int count = std::get<0>(*db.row<int>("SELECT count(*) FROM migrations"));
    db.script(fmt::format("PRAGMA user_version={}", count));
  } catch (const Unavailable&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("migration {} failed, nothing of it was kept: {}",
                                         migration.name, error.what()));
  }
}

// Off, foreign keys let a migration make a table anew under the same name, and drop the old one,
// without deleting what refers to it (https://sqlite.org/lang_altertable.html, section 7).  They
// are checked as a whole instead.
class WithoutForeignKeys {
 public:
  explicit WithoutForeignKeys(Connection& db) : db_(db) { db_.script("PRAGMA foreign_keys=OFF"); }
  WithoutForeignKeys(const WithoutForeignKeys&) = delete;
  WithoutForeignKeys& operator=(const WithoutForeignKeys&) = delete;
  ~WithoutForeignKeys() { db_.script("PRAGMA foreign_keys=ON"); }

 private:
  Connection& db_;
};

// Kept when `work` returns, undone when it throws.
template <class Work>
void in_transaction(Connection& db, Work work) {
  try {
    db.begin();
    work();
    db.commit();
  } catch (...) {
    db.roll_back();
    throw;
  }
}

// Throws when this program must not use the database.
Record require_known(Connection& db, const Schema& schema) {
  Record record = read_record(db, schema);
  if (const std::string why = why_refused(record, schema); !why.empty()) throw Unavailable(why);
  return record;
}

}  // namespace

int migrate(Connection& db, const Schema& schema) {
  const Record record = require_known(db, schema);
  // A property of the file, which one that was restored from a copy may have lost.
  db.script("PRAGMA journal_mode=WAL");
  const WithoutForeignKeys without(db);
  if (!record.says_contracts) in_transaction(db, [&] { make_table(db, record); });
  const std::vector<Step> missing = missing_of(record.ran, schema);
  for (const Step& step : missing) in_transaction(db, [&] { run(db, step, schema); });
  return static_cast<int>(missing.size());
}

void rehearse(Connection& db, const Schema& schema) {
  const Record record = require_known(db, schema);
  const std::vector<Step> missing = missing_of(record.ran, schema);
  if (missing.empty()) return;
  const WithoutForeignKeys without(db);
  try {
    db.begin();
    make_table(db, record);
    for (const Step& step : missing) run(db, step, schema);
  } catch (...) {
    db.roll_back();
    throw;
  }
  db.roll_back();
}

SchemaState schema_state(Connection& db, const Schema& schema) {
  const Record record = read_record(db, schema);
  return state_of(db, record.ran, schema, why_refused(record, schema));
}

}  // namespace actiond
