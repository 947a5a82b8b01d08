#include "base/file_lock.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <system_error>
#include <thread>

#include "support.h"

namespace actiond {
namespace {

TEST_CASE("two locks on one byte exclude each other in one process") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  FileLock other(folder / "lock");
  one.lock(0);
  CHECK_FALSE(other.try_lock(0));
  one.unlock(0);
  CHECK(other.try_lock(0));
  CHECK_FALSE(one.try_lock(0));
}

TEST_CASE("locks on two bytes do not exclude each other") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  FileLock other(folder / "lock");
  one.lock(0);
  CHECK(other.try_lock(1));
  CHECK_FALSE(other.try_lock(0));
  other.unlock(1);
  CHECK_FALSE(other.try_lock(0));
}

TEST_CASE("a lock does not exclude itself") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  one.lock(0);
  CHECK(one.try_lock(0));
}

TEST_CASE("a lock is released with its FileLock") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  {
    FileLock other(folder / "lock");
    other.lock(0);
    CHECK_FALSE(one.try_lock(0));
  }
  CHECK(one.try_lock(0));
}

TEST_CASE("closing another handle of the file keeps the lock") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  one.lock(0);
  { FileLock passing_by(folder / "lock"); }
  FileLock other(folder / "lock");
  CHECK_FALSE(other.try_lock(0));
}

TEST_CASE("who waits gets the lock when it is free") {
  const test::TemporaryFolder folder;
  FileLock one(folder / "lock");
  one.lock(0);
  bool mine = false;
  std::thread waiting([&] {
    FileLock other(folder / "lock");
    other.lock(0);
    mine = true;
  });
  one.unlock(0);
  waiting.join();
  CHECK(mine);
}

TEST_CASE("a process that is killed leaves its lock") {
  const test::TemporaryFolder folder;
  int held[2];
  REQUIRE(pipe(held) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FileLock lock(folder / "lock");
    lock.lock(0);
    if (write(held[1], "x", 1) == 1)
      while (true) pause();
    _exit(1);
  }
  char byte = 0;
  CHECK(read(held[0], &byte, 1) == 1);
  FileLock lock(folder / "lock");
  CHECK_FALSE(lock.try_lock(0));
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(lock.try_lock(0));
  close(held[0]);
  close(held[1]);
}

TEST_CASE("the lock file is its owner's alone") {
  const test::TemporaryFolder folder;
  const FileLock lock(folder / "lock");
  struct stat status {};
  REQUIRE(stat((folder / "lock").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a note is kept for whoever asks, and the newest replaces the others") {
  const test::TemporaryFolder folder;
  FileLock writer(folder / "lock");
  const FileLock reader(folder / "lock");
  CHECK(reader.read_note() == "");
  writer.write_note("actiond serve, pid 12345\n");
  CHECK(reader.read_note() == "actiond serve, pid 12345\n");
  writer.write_note("pid 1\nreloaded\n");
  CHECK(reader.read_note() == "pid 1\nreloaded\n");
  CHECK(reader.read_holder() == "pid 1");
  writer.write_note("\x1B[2J \xC2\x9B \xE2\x80\xAE\n");
  CHECK(reader.read_holder() == "\uFFFD[2J \uFFFD \uFFFD");
}

TEST_CASE("a lock file that cannot be is reported with its name") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(FileLock(folder / "missing" / "lock"), doctest::Contains("missing/lock"),
                       std::system_error);
}

TEST_CASE("the lock file is none of SQLite's own") {
  CHECK(lock_path("/x/site.db") == "/x/site.db-lock");
}

}  // namespace
}  // namespace actiond
