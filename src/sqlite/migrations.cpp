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
    db.script(fmt::format("PRAGMA user_version={}", migration.number));
  } catch (const Unavailable&) {
    throw;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("migration {} failed, nothing of it was kept: {}",
                                         migration.name, error.what()));
  }
}

}  // namespace

int migrate(Connection& db, std::span<const Migration> migrations) {
  const auto known = static_cast<int>(migrations.size());
  const int done = count_done(db, known);
  // A property of the file, which one that was restored from a copy may have lost.
  db.script("PRAGMA journal_mode=WAL");
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
