// The way back from a backup: whole, or everything as it was.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/file_lock.h"
#include "sqlite/backup.h"
#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;
using test::insert;
using test::numbers;
using test::read_file;
using test::unchanged;
using test::write_file;

const Time now = *from_rfc3339("2027-01-31T12:00:00Z");

// A backup with the number 1, and data that has gone on to 1 and 2.
struct BackedUpSite {
  BackedUpSite() {
    Database database(data.database, test::numbers_schema);
    database.write(insert(1));
    fs::create_directory(data.uploads);
    write_file(data.uploads / "a.png", "a");
    back_up(data, backup, unchanged);
    database.write(insert(2));
  }

  test::TemporaryFolder folder;
  DataPlaces data{folder / "site.db", folder / "uploads"};
  fs::path backup = folder / "copy.db";

  Restored restore(std::size_t migrations = 1) const {
    return actiond::restore(backup, data, std::span(test::numbers_schema).first(migrations),
                            unchanged, now);
  }
  std::vector<int> numbers_now() const {
    Database database(data.database, test::numbers_schema);
    return numbers(database);
  }
};

TEST_CASE("a restored site has what was backed up, and what was there is kept with its log") {
  const BackedUpSite site;
  CHECK(fs::file_size(site.data.database.string() + "-wal") > 0);  // 2 is only there
  fs::remove(site.data.uploads / "a.png");
  write_file(site.data.uploads / "b.png", "b");
  const Restored restored = site.restore();
  CHECK(site.numbers_now() == std::vector{1});
  CHECK(restored.uploads == 1);
  CHECK(read_file(site.data.uploads / "a.png") == "a");
  CHECK(read_file(site.data.uploads / "b.png") == "b");
  REQUIRE(restored.former);
  CHECK(*restored.former == site.folder / "site.db.before-2027-01-31T12:00:00Z");
  Database former(*restored.former, test::numbers_schema);
  CHECK(numbers(former) == std::vector{1, 2});
  struct stat status {};
  REQUIRE(stat(site.data.database.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);

  // Once more in the same second: what is kept is never replaced.
  CHECK(site.restore().former == site.folder / "site.db.before-2027-01-31T12:00:00Z.2");
}

TEST_CASE("in a folder of mode 2710 its group may write the database, also one that is restored") {
  const BackedUpSite site;
  const fs::path database = site.folder / "shared" / "site.db";
  fs::create_directory(database.parent_path());
  REQUIRE(chmod(database.parent_path().c_str(), 02710) == 0);
  const auto modes = [&] {
    Database made(database, test::numbers_schema);
    made.write(insert(7));
    std::vector<unsigned> found;
    for (const char* of : {"", "-wal", "-shm", "-lock"}) {
      struct stat status {};
      found.push_back(stat((database.string() + of).c_str(), &status) == 0 ? status.st_mode & 07777
                                                                           : 0);
    }
    return found;
  };
  CHECK(modes() == std::vector(4, 0660U));
  actiond::restore(site.backup, {database, site.data.uploads}, test::numbers_schema, unchanged,
                   now);
  CHECK(modes() == std::vector(4, 0660U));
  // Others' modes are nobody's wish.
  REQUIRE(chmod(database.parent_path().c_str(), 02750) == 0);
  actiond::restore(site.backup, {database, site.data.uploads}, test::numbers_schema, unchanged,
                   now);
  struct stat status {};
  REQUIRE(stat(database.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("a restored site writes on") {
  const BackedUpSite site;
  site.restore();
  Database database(site.data.database, test::numbers_schema);
  database.write(insert(7));
  CHECK(numbers(database) == std::vector{1, 7});
}

TEST_CASE("what is lost altogether is restored") {
  const BackedUpSite site;
  for (const char* suffix : {"", "-wal", "-shm", "-lock"})
    fs::remove(site.data.database.string() + suffix);
  fs::remove_all(site.data.uploads);
  const Restored restored = site.restore();
  CHECK_FALSE(restored.former);
  CHECK(site.numbers_now() == std::vector{1});
  CHECK(read_file(site.data.uploads / "a.png") == "a");
}

TEST_CASE("what is corrupt is restored, and kept for whoever wants to look") {
  const BackedUpSite site;
  const std::string rubbish = test::repeat("not a database. ", 512);
  for (const char* suffix : {"", "-wal"}) write_file(site.data.database.string() + suffix, rubbish);
  const Restored restored = site.restore();
  CHECK(site.numbers_now() == std::vector{1});
  REQUIRE(restored.former);
  CHECK(read_file(*restored.former) == rubbish);
  CHECK(read_file(restored.former->string() + "-wal") == rubbish);
}

TEST_CASE("the change is part of what is restored") {
  const BackedUpSite site;
  restore(
      site.backup, site.data, test::numbers_schema,
      [](Transaction& tx) { tx.run("DELETE FROM numbers"); }, now);
  CHECK(site.numbers_now().empty());
}

TEST_CASE("a restore that is refused says why, and everything is as it was") {
  const BackedUpSite site;
  const auto refused = [&](const std::string& why, std::size_t migrations = 1) {
    CAPTURE(why);
    CHECK_THROWS_WITH(site.restore(migrations), doctest::Contains(why.c_str()));
    CHECK(site.numbers_now() == std::vector{1, 2});
    CHECK_FALSE(fs::exists(site.folder / "site.db.restoring"));
    CHECK_FALSE(fs::exists(site.folder / "site.db.before-2027-01-31T12:00:00Z"));
  };
  SUBCASE("a server runs") {
    FileLock server(lock_path(site.data.database));
    REQUIRE(server.try_lock(lock_byte::server));
    server.write_note("actiond serve, pid 7");
    refused("stop it first: actiond serve, pid 7");
  }
  SUBCASE("somebody has the database open") {
    Database other(site.data.database, test::numbers_schema);
    other.open();
    refused("somebody uses");
  }
  SUBCASE("the backup is newer than the program") { refused("install the newer program", 0); }
  SUBCASE("it is a database, but not of ours") {
    Connection(site.backup, Connection::Use::Write).script("PRAGMA user_version=0");
    refused("is no backup of an actiond site");
  }
  SUBCASE("O18 it is a database of another kind of site, whatever number it has") {
    Connection(site.backup, Connection::Use::Write)
        .script("DROP TABLE numbers; CREATE TABLE numbers (n INTEGER PRIMARY KEY, other BLOB)");
    refused("is no backup of this site: it has no column filler of numbers");
  }
  SUBCASE("O18 it is a database without tables") {
    Connection(site.backup, Connection::Use::Write).script("DROP TABLE numbers");
    refused("is no backup of this site: it has no table numbers");
  }
  SUBCASE("O18 it is a database of another program, with a number of ours") {
    Connection(site.backup, Connection::Use::Write)
        .script("DROP TABLE numbers; DROP TABLE migrations; CREATE TABLE migrations (x)");
    refused("is no backup of an actiond site: its tables are others, or cannot be read");
  }
  SUBCASE("it is no database") {
    write_file(site.backup, test::repeat("not a database. ", 512));
    refused(site.backup.string() + " is no backup of an actiond site: ");
  }
  SUBCASE("a part of it is missing") {
    Connection(site.backup, Connection::Use::Write)
        .script(
            "WITH RECURSIVE c(n) AS (SELECT 9 UNION ALL SELECT n + 1 FROM c WHERE n < 900)"
            "INSERT INTO numbers SELECT n, randomblob(50) FROM c");
    fs::resize_file(site.backup, fs::file_size(site.backup) / 2 / 4096 * 4096);
    refused("");
  }
  SUBCASE("it is missing") {
    fs::remove(site.backup);
    refused("there is no backup " + site.backup.string());
    CHECK_FALSE(fs::exists(site.backup));
  }
  SUBCASE("it is the database itself") {
    fs::remove(site.backup);
    fs::create_hard_link(site.data.database, site.backup);
    refused("is the database itself");
  }
  SUBCASE("the change fails") {
    CHECK_THROWS(restore(
        site.backup, site.data, test::numbers_schema,
        [](Transaction& tx) { tx.run("DELETE FROM nothing"); }, now));
    CHECK(site.numbers_now() == std::vector{1, 2});
  }
}

}  // namespace
}  // namespace actiond
