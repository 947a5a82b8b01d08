// Backups: of one moment, whole or not there, and no burden to who writes.
#include "sqlite/backup.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "base/file_lock.h"
#include "files/durable.h"
#include "files/upload_folder.h"
#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;
using test::insert;
using test::read_file;
using test::unchanged;

struct Site {
  test::TemporaryFolder folder;
  DataPlaces data{folder / "site.db", folder / "uploads"};
  fs::path target = folder / "copy.db";
  Database database{data.database, test::numbers_schema};

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder.path()))
      all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
  }
};

std::vector<int> numbers_in(const fs::path& path) {
  std::vector<int> all;
  Connection copy(path, Connection::Use::Read);
  for (const auto& [n] : copy.rows<int>("SELECT n FROM numbers ORDER BY n")) all.push_back(n);
  return all;
}

std::vector<int> first_numbers(std::size_t count) {
  std::vector<int> all(count);
  for (std::size_t at = 0; at < count; ++at) all[at] = static_cast<int>(at);
  return all;
}

TEST_CASE("a backup holds no trace of what its change removes, and the data stay") {
  Site site;
  const std::string secret = "a token that opens something";
  site.database.write([&](Transaction& tx) {
    tx.run("INSERT INTO numbers (n, filler) VALUES (1, ?), (2, x'00')", Blob{secret});
    return Verdict::Keep;
  });
  back_up(site.data, site.target,
          [](Transaction& tx) { tx.run("DELETE FROM numbers WHERE n = 1"); });
  CHECK(numbers_in(site.target) == std::vector{2});
  CHECK(read_file(site.target).find(secret) == std::string::npos);
  CHECK(test::numbers(site.database) == std::vector{1, 2});
  CHECK(site.names().size() == 6);  // the database, its log, index and lock; the two of the backup
}

TEST_CASE("a backup holds what was written before it, and is one sound file of its owner's") {
  Site site;
  site.database.write(insert(1));
  site.database.write(insert(2));
  const mode_t mask = umask(0);
  const BackupMade made = back_up(site.data, site.target, unchanged);
  umask(mask);
  site.database.write(insert(3));
  CHECK(made.database_bytes == fs::file_size(site.target));
  CHECK(made.uploads == 0);
  CHECK(fs::is_directory(uploads_of(site.target)));
  struct stat status {};
  REQUIRE(stat(site.target.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  // Alone, in another folder, and not to be written: it needs no log.
  const test::TemporaryFolder other;
  fs::copy_file(site.target, other / "alone.db");
  CHECK(numbers_in(other / "alone.db") == std::vector{1, 2});
  CHECK_FALSE(fs::exists(other / "alone.db-wal"));
  CHECK_FALSE(fs::exists(site.folder / ".actiond-backup"));
}

TEST_CASE("a backup under load is of one moment and holds all that was acknowledged before it") {
  Site site;
  site.database.open();
  std::atomic<int> acknowledged = 0;
  std::atomic<bool> stop = false;
  // Filled, so that the copy takes several pieces while rows come.
  site.database.write([](Transaction& tx) {
    tx.run("CREATE TABLE filler (bytes BLOB)");
    for (int at = 0; at < 40; ++at) tx.run("INSERT INTO filler VALUES (randomblob(100000))");
    return Verdict::Keep;
  });
  std::thread writer([&] {
    for (int n = 0; !stop; ++n) {
      site.database.write(insert(n));
      acknowledged = n + 1;
    }
  });
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    while (acknowledged < (round + 1) * 5) std::this_thread::yield();
    const fs::path target = site.folder / ("copy" + std::to_string(round));
    const int before = acknowledged;
    back_up(site.data, target, unchanged);
    const int after = acknowledged;
    const std::vector<int> kept = numbers_in(target);
    CHECK(kept == first_numbers(kept.size()));
    CHECK(static_cast<int>(kept.size()) >= before);
    CHECK(after > before);  // who writes was not held up until the end
  }
  stop = true;
  writer.join();
}

TEST_CASE("a backup makes no checkpoint: the database's file is the same byte for byte") {
  Site site;
  {
    Database alone(site.data.database, test::numbers_schema);
    for (int n = 0; n < 20; ++n) alone.write(insert(n));
  }
  const std::string before = read_file(site.data.database);
  const auto log = fs::file_size(site.data.database.string() + "-wal");
  back_up(site.data, site.target, unchanged);
  CHECK(read_file(site.data.database) == before);
  CHECK(fs::file_size(site.data.database.string() + "-wal") == log);
  CHECK(numbers_in(site.target) == first_numbers(20));
}

struct Kept {
  test::TemporaryFolder folder;
  DataPlaces data{folder / "site.db", folder / "uploads"};
  std::vector<Migration> schema{{1, "0001_files.sql", "CREATE TABLE files (name TEXT) STRICT;"}};
  UploadFolder uploads{data.uploads};
  Database database{data.database, schema, &uploads};

  // A file under a row, the one before it discarded: as an avatar that is changed.
  void replace(const std::string& bytes) {
    const auto stored = uploads.new_file();
    stored->append(bytes);
    stored->sync();
    database.write([&](Transaction& tx) {
      const auto old = tx.row<std::string>("SELECT name FROM files");
      const std::string name = tx.keep(File{"x", "image/png", bytes.size(), "", stored});
      tx.run("DELETE FROM files");
      tx.run("INSERT INTO files VALUES (?)", name);
      if (old) tx.discard(std::get<0>(*old));
      return Verdict::Keep;
    });
  }
};

TEST_CASE("every row of a backup finds its file in it, however fast files come and go") {
  Kept kept;
  kept.replace("first");
  std::atomic<bool> stop = false;
  std::atomic<int> replaced = 0;
  std::thread visitor([&] {
    while (!stop) {
      kept.replace("more");
      ++replaced;
    }
  });
  for (int round = 0; round < 20; ++round) {
    CAPTURE(round);
    const fs::path target = kept.folder / ("copy" + std::to_string(round));
    const int before = replaced;
    back_up(kept.data, target, unchanged);
    Connection copy(target, Connection::Use::Read);
    const auto name = std::get<0>(*copy.row<std::string>("SELECT name FROM files"));
    const std::string bytes = read_file(uploads_of(target) / name);
    CHECK_MESSAGE((bytes == "more" || bytes == "first"), name);
    while (replaced == before) std::this_thread::yield();
  }
  stop = true;
  visitor.join();
}

TEST_CASE("what commits while a backup waits for the write lock is in it, row and file") {
  Kept kept;
  kept.replace("first");
  const fs::path first = fs::directory_iterator(kept.data.uploads)->path();
  const fs::path target = kept.folder / "copy.db";
  FileLock lock(lock_path(kept.data.database));
  lock.lock(lock_byte::write_lock);
  std::thread backup([&] { back_up(kept.data, target, unchanged); });
  const fs::path copied = kept.folder / ".actiond-backup/uploads" / first.filename().string();
  while (!fs::exists(copied)) std::this_thread::yield();
  // As a writer that holds the write lock does: the file, the row, and the old file goes.
  test::write_file(kept.data.uploads / "second.png", "second");
  {
    Connection writer(kept.data.database, Connection::Use::Write);
    writer.begin();
    writer.run("UPDATE files SET name = 'second.png'");
    writer.commit();
  }
  fs::remove(first);
  lock.unlock(lock_byte::write_lock);
  backup.join();
  Connection copy(target, Connection::Use::Read);
  CHECK(std::get<0>(*copy.row<std::string>("SELECT name FROM files")) == "second.png");
  CHECK(read_file(uploads_of(target) / "second.png") == "second");
}

TEST_CASE("a backup that cannot be made says why, and leaves nothing") {
  Site site;
  site.database.write(insert(1));
  const auto before = site.names();
  const auto refused = [&](const fs::path& target, const char* why) {
    CAPTURE(target);
    CHECK_THROWS_WITH(back_up(site.data, target, unchanged), doctest::Contains(why));
  };
  refused(site.data.database, "is there already");
  refused(site.folder / "none/copy.db", "No such file or directory");
  refused(site.data.database / "copy.db", "Not a directory");
  refused(site.folder.path().string() + "/", "is a folder");
  refused("/proc/actiond.db", "no backup can be made in /proc");
  CHECK(site.names() == before);
  fs::create_symlink("nowhere", site.target);
  refused(site.target, "is there already");
  fs::remove(site.target);
  test::write_file(uploads_of(site.target), "mine");
  refused(site.target, "copy.db.uploads is there already");
  CHECK(read_file(uploads_of(site.target)) == "mine");
  CHECK_FALSE(fs::exists(site.target));

  DataPlaces missing{site.folder / "none.db", site.data.uploads};
  CHECK_THROWS_WITH(back_up(missing, site.folder / "x", unchanged),
                    doctest::Contains("unable to open"));
  CHECK_FALSE(fs::exists(site.folder / "none.db"));
  CHECK_FALSE(fs::exists(site.folder / "x"));
}

TEST_CASE("what is broken in the database is not passed on as a backup") {
  Site site;
  Database(site.data.database, test::numbers_schema).open();
  Connection(site.data.database, Connection::Use::Write)
      .script(
          "PRAGMA journal_mode=DELETE; CREATE INDEX i ON numbers (filler);"
          "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 900)"
          "INSERT INTO numbers SELECT n, randomblob(50) FROM c");
  std::string bytes = read_file(site.data.database);
  // The header and the schema stay; the last pages lose half of what they say.
  for (std::size_t page = bytes.size() / 4096 - 3; page < bytes.size() / 4096; ++page)
    bytes.replace(page * 4096 + 2048, 2048, 2048, '\xAA');
  test::write_file(site.data.database, bytes);
  CHECK_THROWS_WITH(back_up(site.data, site.target, unchanged), doctest::Contains("not sound"));
  CHECK_FALSE(fs::exists(site.target));
  CHECK_FALSE(fs::exists(uploads_of(site.target)));
  CHECK_FALSE(fs::exists(site.folder / ".actiond-backup"));
}

TEST_CASE("what a killed backup left is removed by the next, and one that runs is left alone") {
  Site site;
  site.database.write(insert(1));
  const fs::path left = site.folder / ".actiond-backup";
  fs::create_directories(left / "uploads");
  test::write_file(left / "database", "half a copy");
  {
    const Descriptor runs = open_file(left, O_RDONLY | O_DIRECTORY);
    REQUIRE(flock(runs.get(), LOCK_EX) == 0);
    CHECK_THROWS_WITH(back_up(site.data, site.target, unchanged),
                      doctest::Contains("another backup"));
    CHECK(read_file(left / "database") == "half a copy");
  }
  back_up(site.data, site.target, unchanged);
  CHECK(numbers_in(site.target) == std::vector{1});
  CHECK_FALSE(fs::exists(left));
}

TEST_CASE("backups that are named by time are found by it, and the oldest go first") {
  const test::TemporaryFolder folder;
  const Time noon = *from_rfc3339("2027-01-31T12:00:00Z");
  CHECK(dated_backup(folder.path(), noon) == folder / "actiond-20270131T120000Z.db");
  for (int hour : {3, 1, 2}) {
    const fs::path made = dated_backup(folder.path(), noon + std::chrono::hours(hour));
    test::write_file(made, "");
    fs::create_directory(uploads_of(made));
  }
  const std::vector<std::string> others{"actiond-20200101T000000Z.db.old", "mine.db",
                                        "actiond-2020.db"};
  for (const std::string& other : others) test::write_file(folder / other, "");
  CHECK(dated_backups(folder.path()).back().made == noon + std::chrono::hours(3));
  const fs::path made = dated_backup(folder.path(), noon + std::chrono::hours(3));
  const Time later = noon + std::chrono::hours(4);
  CHECK(prune_backups(folder.path(), 3, made, later) == 0);
  CHECK(prune_backups(folder.path(), 2, made, later) == 1);
  CHECK(dated_backups(folder.path()).front().made == noon + std::chrono::hours(2));
  CHECK_FALSE(fs::exists(uploads_of(dated_backup(folder.path(), noon + std::chrono::hours(1)))));
  for (const std::string& other : others) CHECK(fs::exists(folder / other));
  CHECK(dated_backups(folder / "none").empty());
}

TEST_CASE("O15 what was just made stays, and a name from the future takes nobody's place") {
  const test::TemporaryFolder folder;
  const Time noon = *from_rfc3339("2027-01-31T12:00:00Z");
  for (int hour : {-2, -1, 0, 24, 48, 72})
    test::write_file(dated_backup(folder.path(), noon + std::chrono::hours(hour)), "");
  const fs::path made = dated_backup(folder.path(), noon);
  CHECK(prune_backups(folder.path(), 2, made, noon) == 1);
  std::vector<Time> left;
  for (const DatedBackup& each : dated_backups(folder.path())) left.push_back(each.made);
  CHECK(left == std::vector{noon - std::chrono::hours(1), noon, noon + std::chrono::hours(24),
                            noon + std::chrono::hours(48), noon + std::chrono::hours(72)});
  // One that was given an old name by hand.
  const fs::path old = dated_backup(folder.path(), noon - std::chrono::hours(9));
  test::write_file(old, "");
  CHECK(prune_backups(folder.path(), 1, old, noon) == 2);
  CHECK(fs::exists(old));
}

TEST_CASE("a backup that is made elsewhere takes the place of none that is named by time") {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder elsewhere;
  const Time noon = *from_rfc3339("2027-01-31T12:00:00Z");
  for (int hour : {-2, -1})
    test::write_file(dated_backup(folder.path(), noon + std::chrono::hours(hour)), "");
  const fs::path mine = folder / "mine.db";
  for (const fs::path& made : {mine, elsewhere / "mine.db", dated_backup(elsewhere.path(), noon)}) {
    CAPTURE(made);
    test::write_file(made, "");
    CHECK(prune_backups(folder.path(), 2, made, noon) == 0);
    CHECK(fs::exists(made));
  }
  CHECK(prune_backups(folder.path(), 1, mine, noon) == 1);
  CHECK(dated_backups(folder.path()).size() == 1);
}

}  // namespace
}  // namespace actiond
