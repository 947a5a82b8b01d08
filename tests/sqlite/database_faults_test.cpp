// A database that fails throws Unavailable, and works again as soon as it is mended.
#include <doctest/doctest.h>

#include <algorithm>

#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

using test::insert;
using test::numbers;
using test::Work;

struct Broken {
  explicit Broken(const char* name = "site.db") : path(folder / name) {}

  test::TemporaryFolder folder;
  std::filesystem::path path;
  Database database{path, test::numbers_schema};

  void check_unavailable(const char* reason) {
    CHECK_THROWS_WITH_AS(database.write(insert(1)), doctest::Contains(reason), Unavailable);
    CHECK_THROWS_WITH_AS(numbers(database), doctest::Contains(reason), Unavailable);
    CHECK_THROWS_WITH_AS(database.snapshot([](Reader&) {}), doctest::Contains(reason), Unavailable);
    CHECK_THROWS_WITH_AS(database.open(), doctest::Contains(reason), Unavailable);
  }

  // A failed opening is not tried again at once.
  void check_well_again() {
    std::string last;
    for (int tries = 0; tries < 100; ++tries) {
      last = test::outcome(database, insert(1));
      if (last == "done") break;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    CHECK(last == "done");
    CHECK(numbers(database) == std::vector{1});
  }
};

TEST_CASE("a database whose folder is missing is unavailable until there is one") {
  Broken broken("later/site.db");
  broken.check_unavailable("No such file or directory");
  std::filesystem::create_directory(broken.path.parent_path());
  broken.check_well_again();
}

TEST_CASE("a corrupt database is unavailable until it is replaced") {
  Broken broken;
  test::write_file(broken.path, test::repeat("not a database. ", 512));
  broken.check_unavailable("file is not a database");
  std::filesystem::remove(broken.path);
  broken.check_well_again();
}

TEST_CASE("a newer database is unavailable, and untouched, until the program fits again") {
  Broken broken;
  Connection(broken.path, Connection::Use::Write)
      .script("PRAGMA user_version=2; CREATE TABLE newer (x TEXT)");
  broken.check_unavailable("install the newer program");
  Connection(broken.path, Connection::Use::Write).script("PRAGMA user_version=0; DROP TABLE newer");
  broken.check_well_again();
}

TEST_CASE("a migration that fails makes the database unavailable") {
  test::TemporaryFolder folder;
  const std::vector<Migration> wrong{{1, "0001_wrong.sql", "SELEC;"}};
  Database database(folder / "site.db", wrong);
  CHECK_THROWS_WITH_AS(database.open(), doctest::Contains("migration 0001_wrong.sql failed"),
                       Unavailable);
}

TEST_CASE("a foreign writer that does not end makes writing unavailable, reading not") {
  Broken broken;
  broken.database.write(insert(7));
  Connection foreign(broken.path, Connection::Use::Write);
  foreign.step("BEGIN IMMEDIATE");
  CHECK_THROWS_WITH_AS(broken.database.write(insert(1)), doctest::Contains("database is locked"),
                       Unavailable);
  CHECK(numbers(broken.database) == std::vector{7});
  foreign.step("ROLLBACK");
  broken.database.write(insert(1));
  CHECK(numbers(broken.database) == std::vector{1, 7});
}

// The writer's disk has 20 pages.
const std::vector<Migration> small_disk{test::numbers_table,
                                        {2, "0002_small_disk.sql", "PRAGMA max_page_count=20"}};

Verdict fill(Transaction& tx) {
  for (int n = 100; n < 200; ++n) tx.run("INSERT INTO numbers VALUES (?, randomblob(4000))", n);
  return Verdict::Keep;
}

struct SmallDisk {
  test::TemporaryFolder folder;
  Database database{folder / "site.db", small_disk};
};

TEST_CASE(
    "a full disk makes writing unavailable, keeps what was there, and is well again with space") {
  SmallDisk small;
  small.database.write([](Transaction& tx) {
    tx.run("INSERT INTO numbers VALUES (1, randomblob(40000))");
    return Verdict::Keep;
  });
  const auto again = [](Transaction& tx) {
    tx.run("INSERT INTO numbers VALUES (2, randomblob(40000))");
    return Verdict::Keep;
  };
  for (const Work& work : std::vector<Work>{fill, again})
    CHECK_THROWS_WITH_AS(small.database.write(work), doctest::Contains("database or disk is full"),
                         Unavailable);
  CHECK(numbers(small.database) == std::vector{1});
  CHECK_FALSE(small.database.has_failed());
  small.database.write([](Transaction& tx) {
    tx.run("DELETE FROM numbers");
    return Verdict::Keep;
  });
  small.database.write(again);
  CHECK(numbers(small.database) == std::vector{2});
}

TEST_CASE("who writes beside somebody that fills the disk is kept or told") {
  SmallDisk small;
  small.database.write(insert(1));
  const auto outcomes =
      test::write_together(small.database, {insert(10), insert(11), fill, insert(12), insert(13)});
  std::vector<int> told_done{1};
  for (const auto& [at, n] : {std::pair{0, 10}, {1, 11}, {3, 12}, {4, 13}})
    if (outcomes[static_cast<std::size_t>(at)] == "done") told_done.push_back(n);
  CHECK(outcomes[2] != "done");
  CHECK(numbers(small.database) == told_done);
}

TEST_CASE("work that hides a full disk keeps nothing half done") {
  SmallDisk small;
  const std::string outcome = test::outcome(small.database, [](Transaction& tx) {
    insert(1)(tx);
    try {
      fill(tx);
    } catch (const Unavailable&) {
    }
    return insert(2)(tx);
  });
  const bool kept = outcome == "done";
  const std::vector<int> all = numbers(small.database);
  CHECK((std::count(all.begin(), all.end(), 1) == 1) == kept);
  CHECK((std::count(all.begin(), all.end(), 2) == 1) == kept);
}

}  // namespace
}  // namespace actiond
