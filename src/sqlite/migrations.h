// The schema as numbered steps: sql/NNNN_NAME.sql, built into the program, so that a program and
// its schema cannot be mixed up.
#pragma once

#include <span>
#include <string_view>

#include "sqlite/connection.h"

namespace actiond {

struct Migration {
  int number;  // 1, 2, 3, … without a gap
  std::string_view name;
  std::string_view sql;
};

// Those of sql/, written by CMake.
std::span<const Migration> site_migrations();

// Brings the database up to the last of `migrations`, each in a transaction of its own, and
// returns how many ran.  The caller holds the write lock.  Throws Unavailable when the database is
// newer than that.
int migrate(Connection& db, std::span<const Migration> migrations);

// Runs those that are missing and undoes them: throws what `migrate` would.
void rehearse(Connection& db, std::span<const Migration> migrations);

}  // namespace actiond
