// What a database does when it cannot: Unavailable, and well again as soon as it is mended.
#include <doctest/doctest.h>

#include <algorithm>

#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

using test::insert;
using test::numbers;

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

// The writer's disk has so many pages from now on.
void set_disk(Store& store, int pages) {
  store.write([pages](Transaction& tx) {
    tx.run("PRAGMA max_page_count=" + std::to_string(pages));
    return Verdict::Keep;
  });
}

Verdict fill(Transaction& tx) {
  for (int n = 100; n < 200; ++n) tx.run("INSERT INTO numbers VALUES (?, randomblob(4000))", n);
  return Verdict::Keep;
}

TEST_CASE(
    "a full disk makes writing unavailable, keeps what was there, and is well again with space") {
  Broken broken;
  broken.database.write(insert(1));
  set_disk(broken.database, 20);
  CHECK_THROWS_WITH_AS(broken.database.write(fill), doctest::Contains("database or disk is full"),
                       Unavailable);
  CHECK(numbers(broken.database) == std::vector{1});
  broken.database.write(insert(2));
  CHECK(numbers(broken.database) == std::vector{1, 2});
  set_disk(broken.database, 10'000);
  broken.database.write(fill);
  CHECK(numbers(broken.database).size() == 102);
}

TEST_CASE("who writes beside somebody that fills the disk is kept or told") {
  Broken broken;
  broken.database.write(insert(1));
  set_disk(broken.database, 20);
  const auto outcomes =
      test::write_together(broken.database, {insert(10), insert(11), fill, insert(12), insert(13)});
  std::vector<int> told_done{1};
  for (const auto& [at, n] : {std::pair{0, 10}, {1, 11}, {3, 12}, {4, 13}})
    if (outcomes[static_cast<std::size_t>(at)] == "done") told_done.push_back(n);
  CHECK(outcomes[2] != "done");
  CHECK(numbers(broken.database) == told_done);
}

TEST_CASE("work that hides a full disk keeps nothing half done") {
  Broken broken;
  broken.database.open();
  set_disk(broken.database, 20);
  const std::string outcome = test::outcome(broken.database, [](Transaction& tx) {
    insert(1)(tx);
    try {
      fill(tx);
    } catch (const Unavailable&) {
    }
    return insert(2)(tx);
  });
  const bool kept = outcome == "done";
  const std::vector<int> all = numbers(broken.database);
  CHECK((std::count(all.begin(), all.end(), 1) == 1) == kept);
  CHECK((std::count(all.begin(), all.end(), 2) == 1) == kept);
}

}  // namespace
}  // namespace actiond
