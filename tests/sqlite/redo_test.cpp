#include "sqlite/redo.h"

#include <doctest/doctest.h>

#include <array>
#include <span>
#include <stdexcept>
#include <vector>

#include "sqlite/connection.h"
#include "sqlite/migrations.h"
#include "support.h"

namespace actiond {
namespace {

const Migration clubs{
    1, "0001_clubs.sql",
    "CREATE TABLE clubs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL)"
    " STRICT; CREATE TABLE counted (id INTEGER PRIMARY KEY) STRICT;"
    "CREATE TRIGGER count AFTER INSERT ON clubs BEGIN"
    "  INSERT INTO counted (id) VALUES (NULL); END;"
    "INSERT INTO clubs (name) VALUES ('shipped');"};
const Migration boats{
    2, "0002_boats.sql",
    "CREATE TABLE boats (id INTEGER PRIMARY KEY, club INTEGER REFERENCES clubs) STRICT;"
    "ALTER TABLE clubs ADD COLUMN town TEXT;"};
const Migration better_boats{2, "0002_boats.sql",
                             "CREATE TABLE boats (name TEXT NOT NULL) STRICT;"
                             "ALTER TABLE clubs ADD COLUMN place TEXT NOT NULL DEFAULT 'here';"};

using Rows = std::vector<std::tuple<std::string, std::string>>;

struct RedoneSite {
  test::TemporaryFolder folder;
  std::filesystem::path path = folder / "site.db";

  explicit RedoneSite(const Schema& schema) {
    Connection db(path, Connection::Use::Write);
    migrate(db, schema);
  }
  static Schema with(std::vector<Migration> steps) {
    return Schema(std::array<Migration, 0>(), steps, "club 1.0");
  }
  void run(const std::string& sql) { Connection(path, Connection::Use::Write).script(sql); }
  Rows rows(std::string_view sql) {
    return Connection(path, Connection::Use::Read).rows<std::string, std::string>(sql);
  }
};

TEST_CASE("the last migration runs again as it was edited, and other rows stay") {
  RedoneSite site(RedoneSite::with({clubs, boats}));
  site.run(
      "DELETE FROM clubs WHERE id = 1; INSERT INTO clubs (name, town) VALUES ('a', 'b');"
      "INSERT INTO clubs (name) VALUES ('gone'); DELETE FROM clubs WHERE name = 'gone';"
      "INSERT INTO boats VALUES (7, 2)");
  Connection reader(site.path, Connection::Use::Read);
  const auto counted = reader.rows<int>("SELECT id FROM counted");

  CHECK(redo_last(site.path, RedoneSite::with({clubs, better_boats})) == "0002_boats.sql");

  CHECK(site.rows("SELECT name, place FROM clubs") == Rows{{"a", "here"}});
  CHECK(reader.rows<int>("SELECT id FROM counted") == counted);
  CHECK(site.rows("SELECT name, name FROM boats").empty());
  site.run("INSERT INTO clubs (name) VALUES ('next'); INSERT INTO boats VALUES ('Ada')");
  CHECK(site.rows("SELECT id || '', name FROM clubs WHERE name = 'next'") == Rows{{"4", "next"}});
  CHECK(reader.rows<int>("SELECT id FROM counted").size() == counted.size() + 1);
  const SchemaState state = schema_state(reader, RedoneSite::with({clubs, better_boats}));
  CHECK(state.missing.empty());
  CHECK(state.edited.empty());
  CHECK(state.newer.empty());
  CHECK(std::get<0>(*reader.row<std::string>("PRAGMA journal_mode")) == "wal");
}

TEST_CASE("an index of words finds the rows that stay, whether it holds its text or not") {
  const Migration notes{
      1, "0001_notes.sql",
      "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
      "CREATE VIRTUAL TABLE found USING fts5 (text, content = 'notes', content_rowid = 'id');"
      "CREATE VIRTUAL TABLE own USING fts5 (text);"
      "INSERT INTO notes VALUES (1, 'shipped'); INSERT INTO found (rowid, text) VALUES (1, "
      "'shipped');"
      "INSERT INTO own (rowid, text) VALUES (1, 'shipped');"};
  const Migration more{2, "0002_more.sql", "CREATE TABLE more (x TEXT) STRICT;"},
      edited{2, "0002_more.sql", "CREATE TABLE more (y TEXT) STRICT;"};
  RedoneSite site(RedoneSite::with({notes, more}));
  site.run(
      "INSERT INTO notes VALUES (2, 'oars'); INSERT INTO found (rowid, text) VALUES (2, 'oars');"
      "INSERT INTO own (rowid, text) VALUES (2, 'oars');"
      "DELETE FROM found WHERE rowid = 1; DELETE FROM notes WHERE id = 1; DELETE FROM own WHERE "
      "rowid = 1");
  redo_last(site.path, RedoneSite::with({notes, edited}));
  for (const std::string index : {"found", "own"}) {
    CAPTURE(index);
    const std::string finds = "SELECT rowid || '', text FROM " + index + " WHERE " + index;
    CHECK(site.rows(finds + " MATCH 'oars'") == Rows{{"2", "oars"}});
    CHECK(site.rows(finds + " MATCH 'shipped'").empty());
  }
}

TEST_CASE("one that did not run yet runs") {
  RedoneSite site(RedoneSite::with({clubs}));
  CHECK(redo_last(site.path, RedoneSite::with({clubs, boats})) == "0002_boats.sql");
  CHECK(site.rows("SELECT id || '', name FROM clubs") == Rows{{"1", "shipped"}});
  CHECK(site.rows("SELECT id || '', club || '' FROM boats").empty());
}

TEST_CASE("a failure leaves the database as it was") {
  RedoneSite site(RedoneSite::with({clubs, boats}));
  site.run("INSERT INTO boats VALUES (7, 1)");
  const auto refused = [&](const Schema& schema) -> std::string {
    try {
      redo_last(site.path, schema);
    } catch (const std::exception& error) {
      CHECK(site.rows("SELECT id || '', club || '' FROM boats") == Rows{{"7", "1"}});
      return error.what();
    }
    return "";
  };

  Migration broken = boats;
  broken.sql = "CREATE TABEL boats (x);";
  CHECK(refused(RedoneSite::with({clubs, broken})).find("0002_boats.sql failed") !=
        std::string::npos);
  Migration other = clubs;
  other.sql = "CREATE TABLE clubs (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;";
  const std::string edited = refused(RedoneSite::with({other, better_boats}));
  CHECK(edited.starts_with(
      "only 0002_boats.sql can be run again, and 0001_clubs.sql, which club 1.0 ran at "));
  CHECK(refused(RedoneSite::with({clubs})).find("does not know it") != std::string::npos);
  CHECK(refused(RedoneSite::with({})) == "the site has no migration of its own");

  Migration loses = boats;
  loses.sql = "ALTER TABLE clubs DROP COLUMN name;";
  RedoneSite without(RedoneSite::with({clubs, loses}));
  CHECK_THROWS_WITH_AS(redo_last(without.path, RedoneSite::with({clubs, loses})),
                       doctest::Contains("the rows do not fit the tables as they were before "
                                         "0002_boats.sql: SQLite: NOT NULL"),
                       std::runtime_error);
}

}  // namespace
}  // namespace actiond
