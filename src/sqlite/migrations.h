// The schema as steps in files, NNNN_NAME.sql, built into the program, so that a program and its
// schema cannot be mixed up.
//
// There are two sequences, those of the library and those of the site, so that neither has to
// number its steps around the other's.  The table `migrations` holds what ran: by name, with the
// checksum of its text and the program that ran it.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite/connection.h"

namespace actiond {

struct Migration {
  int number;  // of the file; the order in its sequence
  std::string_view name;
  std::string_view sql;
};

// Those of sql/, which every site has.
std::span<const Migration> library_migrations();

// Both sequences, as a program knows them.
struct Schema {
  // One sequence alone.
  template <std::convertible_to<std::span<const Migration>> Steps>
  Schema(const Steps& steps) : Schema(steps, {}, "actiond") {}
  Schema(std::span<const Migration> of_library, std::span<const Migration> of_site,
         std::string name_and_version)
      : library(of_library.begin(), of_library.end()), site(of_site.begin(), of_site.end()),
        program(std::move(name_and_version)) {}

  std::size_t size() const { return library.size() + site.size(); }

  std::vector<Migration> library, site;
  std::string program;  // that runs them, "club 1.2"
};

// Brings the database up to the last of both sequences, each step in a transaction of its own, the
// library's before the site's, and returns how many ran.  A database from before there were two
// sequences, which only has the number of its last step, is taken over.  The caller holds the write
// lock.  Throws Unavailable when the database has a step that `schema` lacks.
int migrate(Connection& db, const Schema& schema);

// Runs those that are missing and undoes them: throws what `migrate` would.
void rehearse(Connection& db, const Schema& schema);

// How a database stands.
struct SchemaState {
  std::vector<std::string> missing;  // names of steps that did not run yet
  // Those whose text has changed: "0003_entries.sql, which club 1.2 ran at 2027-01-31T12:00:00Z".
  std::vector<std::string> edited;
  std::string newer;  // why it is refused; empty: it is not
  Schema ran;         // what of `schema` did
};
SchemaState schema_state(Connection& db, const Schema& schema);

}  // namespace actiond
