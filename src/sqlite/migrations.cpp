#include "sqlite/migrations.h"

#include <fmt/format.h>

namespace actiond {

namespace {

// How many of them the database has.  Throws Unavailable when it has more.
int count_done(Connection& db, int known) {
  const auto version = std::get<0>(*db.row<int>("PRAGMA user_version"));
  if (version > known)
    throw Unavailable(fmt::format(
        "the database is at migration {}, this program knows only {}: install the newer program",
        version, known));
  return version;
}

void run(Connection& db, const Migration& migration) {
  try {
    db.script(std::string(migration.sql));
    const auto dangling = db.row<std::string>("SELECT \"table\" FROM pragma_foreign_key_check");
    if (dangling)
      throw std::runtime_error("a row of " + std::get<0>(*dangling) + " refers to none");
    db.script(fmt::format("PRAGMA user_version={}", migration.number));
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

}  // namespace

int migrate(Connection& db, std::span<const Migration> migrations) {
  const auto known = static_cast<int>(migrations.size());
  const int done = count_done(db, known);
  // A property of the file, which one that was restored from a copy may have lost.
  db.script("PRAGMA journal_mode=WAL");
  const WithoutForeignKeys without(db);
  for (const Migration& migration : migrations.subspan(static_cast<std::size_t>(done))) {
    try {
      db.begin();
      run(db, migration);
      db.commit();
    } catch (...) {
      db.roll_back();
      throw;
    }
  }
  return known - done;
}

void rehearse(Connection& db, std::span<const Migration> migrations) {
  const int done = count_done(db, static_cast<int>(migrations.size()));
  if (static_cast<std::size_t>(done) == migrations.size()) return;
  const WithoutForeignKeys without(db);
  try {
    db.begin();
    for (const Migration& migration : migrations.subspan(static_cast<std::size_t>(done)))
      run(db, migration);
  } catch (...) {
    db.roll_back();
    throw;
  }
  db.roll_back();
}

}  // namespace actiond
