#include "sqlite/migrations.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

#include "support.h"

namespace actiond {
namespace {

struct Opened {
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

const Migration make_a{1, "0001_a.sql",
                       "CREATE TABLE a (x TEXT) STRICT; INSERT INTO a VALUES ('kept');"};
const Migration make_b{2, "0002_b.sql", "CREATE TABLE b (x TEXT) STRICT;"};
const Migration broken{2, "0002_broken.sql",
                       "CREATE TABLE c (x TEXT) STRICT; DELETE FROM a; SELEC;"};

TEST_CASE("every migration of the site runs on a new database, once") {
  Opened opened;
  const int count = static_cast<int>(site_migrations().size());
  CHECK(migrate(opened.db, site_migrations()) == count);
  CHECK(opened.version() == count);
  for (const std::string table : {"users", "sessions", "feedback", "reports"}) {
    CAPTURE(table);
    CHECK(opened.tables().contains(table));
  }
  CHECK(migrate(opened.db, site_migrations()) == 0);
}

TEST_CASE("the site's migrations are numbered without a gap and have the names of their files") {
  int number = 0;
  for (const Migration& migration : site_migrations()) {
    CAPTURE(std::string(migration.name));
    CHECK(migration.number == ++number);
    CHECK(migration.sql == test::read_file(test::project_folder() / "sql" / migration.name));
  }
  CHECK(number >= 2);
}

TEST_CASE("every table of the site is STRICT") {
  Opened opened;
  migrate(opened.db, site_migrations());
  CHECK(opened.db
            .rows<std::string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT "
                               "strict AND name NOT LIKE 'sqlite_%'")
            .empty());
}

TEST_CASE("a new database keeps a write-ahead log") {
  Opened opened;
  migrate(opened.db, std::array{make_a});
  CHECK(opened.db.row<std::string>("PRAGMA journal_mode") == std::tuple(std::string("wal")));
}

TEST_CASE("a database restored without its write-ahead log mode gets it back") {
  Opened opened;
  migrate(opened.db, std::array{make_a});
  // VACUUM INTO writes a file like this: of our version, in SQLite's default mode.
  opened.db.script("PRAGMA journal_mode=DELETE");
  migrate(opened.db, std::array{make_a});
  CHECK(opened.db.row<std::string>("PRAGMA journal_mode") == std::tuple(std::string("wal")));
}

TEST_CASE("only the migrations that are missing run") {
  Opened opened;
  CHECK(migrate(opened.db, std::array{make_a}) == 1);
  CHECK(migrate(opened.db, std::array{make_a, make_b}) == 1);
  CHECK(opened.version() == 2);
  CHECK(opened.db.row<int>("SELECT count(*) FROM a") == std::tuple(1));
  CHECK(opened.tables() == std::set<std::string>{"a", "b"});
}

TEST_CASE("a migration that fails keeps nothing of it, and what came before") {
  Opened opened;
  CHECK_THROWS_WITH_AS(
      migrate(opened.db, std::array{make_a, broken}),
      doctest::Contains("migration 0002_broken.sql failed, nothing of it was kept: "),
      std::runtime_error);
  CHECK_FALSE(opened.db.in_transaction());
  CHECK(opened.version() == 1);
  CHECK(opened.tables() == std::set<std::string>{"a"});
  CHECK(opened.db.row<int>("SELECT count(*) FROM a") == std::tuple(1));
  CHECK(migrate(opened.db, std::array{make_a, make_b}) == 1);
}

TEST_CASE("a rehearsal finds what would fail, and leaves no trace") {
  Opened opened;
  migrate(opened.db, std::array{make_a});
  CHECK_THROWS_WITH_AS(rehearse(opened.db, std::array{make_a, make_b, broken}),
                       doctest::Contains("migration 0002_broken.sql failed"), std::runtime_error);
  CHECK_NOTHROW(rehearse(opened.db, std::array{make_a, make_b}));
  CHECK_FALSE(opened.db.in_transaction());
  CHECK(opened.version() == 1);
  CHECK(opened.tables() == std::set<std::string>{"a"});
}

TEST_CASE("S44 ids that the audit knows are not given again after the migration of users") {
  Opened opened;
  migrate(opened.db, site_migrations().first(8));
  opened.db.script(
      "INSERT INTO users (id, email, name, password_hash) VALUES (3, 'a@b.example', 'A', '');"
      "INSERT INTO reports (user_id, topic, pages) VALUES (3, 'owls', 1);"
      "INSERT INTO audit (at, request_id, action, user_id, outcome) VALUES (1, 'r', 'a', 7, 'd')");
  migrate(opened.db, site_migrations());
  CHECK(opened.db.run("INSERT INTO users (email, name, password_hash) VALUES ('n@b.example', '', "
                      "'')") == 8);
  // The rows that refer to an account are kept, and go with it.
  CHECK(opened.db.row<int>("SELECT count(*) FROM reports") == std::tuple(1));
  opened.db.run("DELETE FROM users WHERE id = 3");
  CHECK(opened.db.row<int>("SELECT count(*) FROM reports") == std::tuple(0));
}

TEST_CASE("access that was given before grants were there is a grant of the operator's") {
  Opened opened;
  migrate(opened.db, site_migrations().first(9));
  opened.db.script(
      "INSERT INTO users (id, email, name, password_hash, access_until) VALUES "
      "(1, 'none@b.example', '', '', NULL), (2, 'ended@b.example', '', '', 5), "
      "(3, 'always@b.example', '', '', 253402214400)");
  migrate(opened.db, site_migrations());
  CHECK(opened.db.rows<int, std::string, std::string, Time>(
            "SELECT user_id, name, source, until FROM grants ORDER BY user_id") ==
        std::vector{std::tuple(2, std::string("paid"), std::string("operator"),
                               Time(std::chrono::seconds(5))),
                    std::tuple(3, std::string("paid"), std::string("operator"), forever)});
  CHECK(opened.db.row<int>("SELECT count(*) FROM users") == std::tuple(3));
}

TEST_CASE("a migration that leaves a row referring to nothing keeps nothing") {
  Opened opened;
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

TEST_CASE("a database newer than the program is refused untouched") {
  Opened opened;
  migrate(opened.db, std::array{make_a, make_b});
  CHECK_THROWS_WITH_AS(migrate(opened.db, std::array{make_a}),
                       doctest::Contains("at migration 2, this program knows only 1"), Unavailable);
  CHECK(opened.version() == 2);
  CHECK(opened.tables() == std::set<std::string>{"a", "b"});
}

}  // namespace
}  // namespace actiond
