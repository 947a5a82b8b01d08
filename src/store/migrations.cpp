#include "store/migrations.h"

#include <fmt/format.h>

namespace actiond {

int migrate(Connection& db, std::span<const Migration> migrations) {
  const auto known = static_cast<int>(migrations.size());
  const auto version = std::get<0>(*db.row<int>("PRAGMA user_version"));
  if (version > known)
    throw Unavailable(fmt::format(
        "the database is at migration {}, this program knows only {}: install the newer program",
        version, known));
  // A property of the file, which one that was restored from a copy may have lost.
  db.script("PRAGMA journal_mode=WAL");
  for (int at = version; at < known; ++at) {
    const Migration& migration = migrations[static_cast<std::size_t>(at)];
    try {
      db.begin();
      db.script(std::string(migration.sql));
      db.script(fmt::format("PRAGMA user_version={}", migration.number));
      db.commit();
    } catch (const Unavailable&) {
      db.roll_back();
      throw;
    } catch (const std::exception& error) {
      db.roll_back();
      throw std::runtime_error(fmt::format("migration {} failed, nothing of it was kept: {}",
                                           migration.name, error.what()));
    }
  }
  return known - version;
}

}  // namespace actiond
