#include "sqlite/migrations.h"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <stdexcept>
#include <vector>

#include "support.h"

namespace actiond {
namespace {

struct Unmigrated {
  test::TemporaryFolder folder;
  Connection db{folder / "site.db", Connection::Use::Write};

  int version() { return std::get<0>(*db.row<int>("PRAGMA user_version")); }
  std::set<std::string> tables() {
    std::set<std::string> names;
    for (const auto& [name] :
         db.rows<std::string>("SELECT name FROM sqlite_schema WHERE type = 'table'"))
      names.insert(name);
    return names;
  }
};

// The library's, as it was when its last number was that.
std::vector<Migration> library_up_to(int number) {
  std::vector<Migration> first;
  for (const Migration& migration : library_migrations())
    if (migration.number <= number) first.push_back(migration);
  return first;
}

const Migration make_a{1, "0001_a.sql",
                       "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept');"};
const Migration make_b{2, "0002_b.sql", "CREATE TABLE b (x TEXT) STRICT;"};
const Migration broken{2, "0002_broken.sql",
                       "CREATE TABLE c (x TEXT) STRICT; DELETE FROM a; SELEC;"};

TEST_CASE("every migration of the library runs on a new database, once") {
  Unmigrated opened;
  const int count = static_cast<int>(library_migrations().size());
  CHECK(migrate(opened.db, library_migrations()) == count);
  CHECK(opened.version() == count);
  for (const std::string table : {"users", "sessions", "audit", "grants"}) {
    CAPTURE(table);
    CHECK(opened.tables().contains(table));
  }
  CHECK(migrate(opened.db, library_migrations()) == 0);
}

TEST_CASE("the migrations are in the order of their numbers and have the names of their files") {
  int number = 0;
  for (const Migration& migration : library_migrations()) {
    CAPTURE(std::string(migration.name));
    CHECK(migration.number > number);
    CHECK(migration.sql == test::read_file(test::project_folder() / "sql" / migration.name));
    number = migration.number;
  }
  CHECK(number >= 10);
}

TEST_CASE("every table is STRICT") {
  Unmigrated opened;
  migrate(opened.db, library_migrations());
  CHECK(
      opened.db
          .rows<std::string>(
              "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT "
              "strict AND name NOT LIKE 'sqlite_%'")
          .empty());
}

TEST_CASE("a new database keeps a write-ahead log") {
  Unmigrated opened;
  migrate(opened.db, std::array{make_a});
  CHECK(opened.db.row<std::string>("PRAGMA journal_mode") == std::tuple(std::string("wal")));
}

TEST_CASE("a database restored without its write-ahead log mode gets it back") {
  Unmigrated opened;
  migrate(opened.db, std::array{make_a});
  // VACUUM INTO writes a file like this: of our version, in SQLite's default mode.
  opened.db.script("PRAGMA journal_mode=DELETE");
  migrate(opened.db, std::array{make_a});
  CHECK(opened.db.row<std::string>("PRAGMA journal_mode") == std::tuple(std::string("wal")));
}

TEST_CASE("only the migrations that are missing run") {
  Unmigrated opened;
  CHECK(migrate(opened.db, std::array{make_a}) == 1);
  CHECK(migrate(opened.db, std::array{make_a, make_b}) == 1);
  CHECK(opened.version() == 2);
  CHECK(opened.db.row<int>("SELECT count(*) FROM a") == std::tuple(1));
  CHECK(opened.tables() == std::set<std::string>{"a", "b", "migrations"});
}

TEST_CASE("a migration that fails keeps nothing of it, and what came before") {
  Unmigrated opened;
  CHECK_THROWS_WITH_AS(
      migrate(opened.db, std::array{make_a, broken}),
      doctest::Contains("migration 0002_broken.sql failed, nothing of it was kept: "),
      std::runtime_error);
  CHECK_FALSE(opened.db.in_transaction());
  CHECK(opened.version() == 1);
  CHECK(opened.tables() == std::set<std::string>{"a", "migrations"});
  CHECK(opened.db.row<int>("SELECT count(*) FROM a") == std::tuple(1));
  CHECK(migrate(opened.db, std::array{make_a, make_b}) == 1);
}

TEST_CASE("a rehearsal finds what would fail, and leaves no trace") {
  Unmigrated opened;
  migrate(opened.db, std::array{make_a});
  CHECK_THROWS_WITH_AS(rehearse(opened.db, std::array{make_a, make_b, broken}),
                       doctest::Contains("migration 0002_broken.sql failed"), std::runtime_error);
  CHECK_NOTHROW(rehearse(opened.db, std::array{make_a, make_b}));
  CHECK_FALSE(opened.db.in_transaction());
  CHECK(opened.version() == 1);
  CHECK(opened.tables() == std::set<std::string>{"a", "migrations"});
}

TEST_CASE("S44 ids that the audit knows are not given again after the migration of users") {
  Unmigrated opened;
  migrate(opened.db, library_up_to(8));
  opened.db.script(
      "INSERT INTO users (id, email, name, password_hash) VALUES (3, 'a@b.example', 'A', '');"
      "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (x'01', 3, 1, 2);"
      "INSERT INTO audit (at, request_id, action, user_id, outcome) VALUES (1, 'r', 'a', 7, 'd')");
  migrate(opened.db, library_migrations());
  CHECK(opened.db.run("INSERT INTO users (email, name, password_hash) VALUES ('n@b.example', '', "
                      "'')") == 8);
  // The rows that refer to an account are kept, and go with it.
  CHECK(opened.db.row<int>("SELECT count(*) FROM sessions") == std::tuple(1));
  opened.db.run("DELETE FROM users WHERE id = 3");
  CHECK(opened.db.row<int>("SELECT count(*) FROM sessions") == std::tuple(0));
}

TEST_CASE("access that was given before grants were there is a grant of the operator's") {
  Unmigrated opened;
  migrate(opened.db, library_up_to(9));
  opened.db.script(
      "INSERT INTO users (id, email, name, password_hash, access_until) VALUES "
      "(1, 'none@b.example', '', '', NULL), (2, 'ended@b.example', '', '', 5), "
      "(3, 'always@b.example', '', '', 253402214400)");
  migrate(opened.db, library_migrations());
  CHECK(opened.db.rows<int, std::string, std::string, Time>(
            "SELECT user_id, name, source, until FROM grants ORDER BY user_id") ==
        std::vector{std::tuple(2, std::string("paid"), std::string("operator"),
                               Time(std::chrono::seconds(5))),
                    std::tuple(3, std::string("paid"), std::string("operator"), forever)});
  CHECK(opened.db.row<int>("SELECT count(*) FROM users") == std::tuple(3));
}

TEST_CASE("a migration that leaves a row referring to nothing keeps nothing") {
  Unmigrated opened;
  const Migration parents{1, "0001_parents.sql",
                          "CREATE TABLE parents (id INTEGER PRIMARY KEY) STRICT;"
                          "CREATE TABLE children (of INTEGER REFERENCES parents (id)) STRICT;"
                          "INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1);"};
  const Migration orphans{2, "0002_orphans.sql", "DELETE FROM parents;"};
  CHECK_THROWS_WITH_AS(migrate(opened.db, std::array{parents, orphans}),
                       doctest::Contains("a row of children refers to none"), std::runtime_error);
  CHECK(opened.version() == 1);
  CHECK(opened.db.row<int>("SELECT count(*) FROM parents") == std::tuple(1));
  CHECK(opened.db.row<int>("PRAGMA foreign_keys") == std::tuple(1));
}

TEST_CASE(
    "a database newer than the program is refused untouched, and tells which program knows it") {
  Unmigrated opened;
  const Migration drops{2, "0002_b.sql", "CREATE TABLE b (x TEXT) STRICT; DROP TABLE a;"};
  migrate(opened.db, Schema(std::array{make_a, drops}, {}, "club 1.3"));
  const Schema older(std::array{make_a}, {}, "club 1.2");
  CHECK_THROWS_WITH_AS(migrate(opened.db, older),
                       doctest::Contains("the database has the migration 0002_b.sql, which club "
                                         "1.3 ran at "),
                       Unavailable);
  CHECK_THROWS_WITH_AS(rehearse(opened.db, older),
                       doctest::Contains("club 1.2 does not know it: install the newer program"),
                       Unavailable);
  CHECK(opened.version() == 2);
  CHECK(opened.tables() == std::set<std::string>{"b", "migrations"});
}

TEST_CASE("steps that ran before it was noted whether they contract are taken to do so") {
  Unmigrated opened;
  migrate(opened.db, std::array{make_a, make_b});
  opened.db.script("ALTER TABLE migrations DROP COLUMN contracts");
  CHECK_THROWS_WITH_AS(migrate(opened.db, std::array{make_a}),
                       doctest::Contains("install the newer program"), Unavailable);
  const Migration make_d{3, "0003_d.sql", "CREATE TABLE d (x TEXT) STRICT;"};
  CHECK(migrate(opened.db, std::array{make_a, make_b, make_d}) == 1);
  CHECK(opened.db.rows<std::string, bool>("SELECT name, contracts FROM migrations ORDER BY name") ==
        std::vector<std::tuple<std::string, bool>>{
            {"0001_a.sql", true}, {"0002_b.sql", true}, {"0003_d.sql", false}});
}

TEST_CASE("a database of a program that counts in another way is refused") {
  Unmigrated opened;
  SUBCASE("without a table") {}
  SUBCASE("with one") { migrate(opened.db, std::array{make_a}); }
  opened.db.script("PRAGMA user_version=999");
  CHECK_THROWS_WITH_AS(migrate(opened.db, std::array{make_a}),
                       doctest::Contains("at migration 999, this program knows only 1"),
                       Unavailable);
}

TEST_CASE("library and site number their migrations apart") {
  Unmigrated opened;
  const Migration club{1, "0001_club.sql", "CREATE TABLE club (x TEXT) STRICT;"};
  const Migration upstream{2, "0002_upstream.sql", "CREATE TABLE upstream (x TEXT) STRICT;"};
  const Migration adverts{2, "0002_adverts.sql", "ALTER TABLE club ADD COLUMN y TEXT;"};
  CHECK(migrate(opened.db, Schema(std::array{make_a}, std::array{club}, "club 1.0")) == 2);
  CHECK(migrate(opened.db,
                Schema(std::array{make_a, upstream}, std::array{club, adverts}, "club 1.1")) == 2);
  CHECK(opened.db.rows<std::string, std::string, std::string>(
            "SELECT sequence, name, program FROM migrations ORDER BY sequence, name") ==
        std::vector<std::tuple<std::string, std::string, std::string>>{
            {"library", "0001_a.sql", "club 1.0"},
            {"library", "0002_upstream.sql", "club 1.1"},
            {"site", "0001_club.sql", "club 1.0"},
            {"site", "0002_adverts.sql", "club 1.1"}});
  CHECK(opened.version() == 4);
}

TEST_CASE("a database that only has a number is taken over") {
  Unmigrated opened;
  const auto former_step = [&](const Migration& migration) {
    opened.db.script(std::string(migration.sql));
    opened.db.script("PRAGMA user_version=" + std::to_string(migration.number));
  };
  const Migration c{3, "0003_c.sql", "CREATE TABLE c (x TEXT) STRICT;"};
  const Migration upstream{3, "0003_upstream.sql", "CREATE TABLE upstream (x TEXT) STRICT;"};
  former_step(make_a);
  former_step(make_b);
  SUBCASE("of a site whose steps stood between the library's") {
    CHECK(migrate(opened.db, Schema(std::array{make_a, c}, std::array{make_b}, "demo 2")) == 1);
    CHECK(opened.version() == 3);
  }
  SUBCASE("of a site whose last number the library has given as well since") {
    former_step(c);
    CHECK(migrate(opened.db,
                  Schema(std::array{make_a, make_b, upstream}, std::array{c}, "fork 2")) == 1);
    CHECK(opened.tables().contains("upstream"));
    CHECK(opened.version() == 4);
  }
  SUBCASE("with nothing left to run") {
    CHECK(migrate(opened.db, Schema(std::array{make_a}, std::array{make_b}, "demo 2")) == 0);
    CHECK(opened.tables().contains("migrations"));
  }
}

TEST_CASE("a migration that was edited, is missing or was renamed is told by its name") {
  Unmigrated opened;
  migrate(opened.db, Schema({}, std::array{make_a}, "club 1.0"));
  const auto state = [&](const Migration& now) {
    return schema_state(opened.db, Schema({}, std::array{now}, "club 1.1"));
  };
  const Migration edited{1, "0001_a.sql", "CREATE TABLE a (x TEXT, y TEXT) STRICT;"};
  REQUIRE(state(edited).edited.size() == 1);
  CHECK(state(edited).edited[0].starts_with("0001_a.sql, which club 1.0 ran at "));
  CHECK(state(edited).newer.empty());
  CHECK(migrate(opened.db, Schema({}, std::array{edited}, "club 1.1")) == 0);
  const Migration renamed{1, "0001_better_name.sql", make_a.sql};
  CHECK(state(renamed).newer.starts_with("the database has the migration 0001_a.sql, which club"));
  CHECK(state(make_a).edited.empty());
  CHECK(state(make_a).missing.empty());
  CHECK(state(make_b).missing == std::vector<std::string>{"0002_b.sql"});
}

}  // namespace
}  // namespace actiond
