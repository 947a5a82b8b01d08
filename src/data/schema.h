// The schema as steps in files, NNNN_NAME.sql, built into the program, so that a program and its
// schema cannot be mixed up.
//
// There are two sequences, those of the library and those of the site, so that neither has to
// number its steps around the other's.  The table `migrations` of every engine holds what ran: by
// name, with the checksum of its text and the program that ran it.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/store.h"

namespace actiond {

// A pool that has not noted itself in the table `hosts` for so long is gone.
constexpr std::chrono::seconds host_gone_after(60);

struct Migration {
  int number;  // of the file; the order in its sequence
  std::string_view name;
  std::string_view sql;            // SQLite's
  std::string_view postgres = {};  // "": PostgreSQL's follows from it (postgres/dialect.h)
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

// How a database stands.
struct SchemaState {
  std::vector<std::string> missing = {};  // names of steps that did not run yet
  // Those whose text has changed: "0003_entries.sql, which club 1.2 ran at 2027-01-31T12:00:00Z".
  std::vector<std::string> edited = {};
  std::string unknown = {};    // a step that ran and this program does not know, told; empty: none
  std::string newer = {};      // why it is refused; empty: it is not
  std::string premature = {};  // why what is missing must not run yet; empty: it may
  Schema ran;                  // what of `schema` did
};

// Whether a step takes away what programs before it use, by the first line of its text, `--
// contract` or `-- expand`, or else because it drops or renames a table or a column.  A program
// that does not know a contracting step refuses the database; one that a pool still needs does not
// run.
bool is_contracting(const Migration& migration);

// A name as SQL quotes it.
std::string quoted_name(std::string_view name);

// For the engines.
namespace migrating {

struct Step {
  std::string_view sequence;  // "library" or "site"
  Migration migration;
};

// A row of the table.
struct Ran {
  std::string sequence, name, checksum;
  std::string program;  // empty: before the table was there
  Time at{};
  bool contracts = true;

  bool is(const Step& step) const {
    return sequence == step.sequence && name == step.migration.name;
  }
  std::string told() const;
};

// In the order in which they run: the library's before the site's.
std::vector<Step> steps_of(const Schema& schema);
std::vector<Step> missing_of(const std::vector<Ran>& ran, const Schema& schema);
std::string checksum_of(const Migration& migration);
// `says_contracts`: whether the table has that column, which programs of before it did not make.
std::vector<Ran> read_ran(Reader& db, bool says_contracts);
void note_ran(Transaction& tx, const Ran& ran);
// The row of a step that ran now.
Ran ran_now(const Step& step, const Schema& schema, Time now);
// Why this program must not use a database where these ran; empty: it may.
std::string why_newer(const std::vector<Ran>& ran, const Schema& schema);
SchemaState state_of(Reader& db, const std::vector<Ran>& ran, const Schema& schema,
                     std::string newer);

}  // namespace migrating
}  // namespace actiond
