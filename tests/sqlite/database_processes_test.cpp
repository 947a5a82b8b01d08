// Several processes on one database: the write lock, and kill -9.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

// Opens the database after the fork, as a worker does.  `work` answers whether it could do its
// part.
pid_t start_process(const std::filesystem::path& path, const std::function<bool(Store&)>& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  bool done = false;
  try {
    Database database(path, test::numbers_schema);
    done = work(database);
  } catch (...) {
  }
  _exit(done ? 0 : 1);
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST_CASE("every write of every process is kept, also when all start on a new database") {
  const test::TemporaryFolder folder;
  constexpr int processes = 4, each = 20;
  std::vector<pid_t> children;
  for (int process = 0; process < processes; ++process)
    children.push_back(start_process(folder / "site.db", [process](Store& store) {
      for (int at = 0; at < each; ++at) store.write(test::insert(process * each + at));
      return true;
    }));
  for (const pid_t child : children) CHECK(wait_for(child) == 0);
  Database database(folder / "site.db", test::numbers_schema);
  CHECK(test::numbers(database).size() == processes * each);
}

TEST_CASE(
    "a process that is killed while it writes keeps nobody waiting and leaves nothing half done") {
  const test::TemporaryFolder folder;
  Database(folder / "site.db", test::numbers_schema).open();
  int inside[2];
  REQUIRE(pipe(inside) == 0);
  const pid_t child = start_process(folder / "site.db", [&inside](Store& store) {
    store.write(test::insert(1));
    store.write([&](Transaction& tx) -> Verdict {
      test::insert(2)(tx);
      if (write(inside[1], "x", 1) != 1) return Verdict::Undo;
      while (true) pause();
    });
    return false;
  });
  char byte = 0;
  CHECK(read(inside[0], &byte, 1) == 1);
  kill(child, SIGKILL);
  CHECK(WIFSIGNALED(wait_for(child)));
  close(inside[0]);
  close(inside[1]);
  Database database(folder / "site.db", test::numbers_schema);
  database.write(test::insert(3));
  CHECK(test::numbers(database) == std::vector{1, 3});
}

TEST_CASE("every write that a killed process knew to be done is kept") {
  const test::TemporaryFolder folder;
  Database(folder / "site.db", test::numbers_schema).open();
  for (int round = 0; round < 5; ++round) {
    CAPTURE(round);
    int done[2];
    REQUIRE(pipe(done) == 0);
    const int first = round * 100'000;
    const pid_t child = start_process(folder / "site.db", [&](Store& store) {
      for (int n = first;; ++n) {
        store.write(test::insert(n));
        if (write(done[1], &n, sizeof n) != sizeof n) return false;
      }
    });
    close(done[1]);
    int acknowledged = -1;
    for (int at = 0; at < 10; ++at)
      CHECK(read(done[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
    kill(child, SIGKILL);
    wait_for(child);
    while (read(done[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
    }
    close(done[0]);
    Database database(folder / "site.db", test::numbers_schema);
    const int kept = std::get<0>(*database.reader().row<int>(
        "SELECT count(*) FROM numbers WHERE n BETWEEN ? AND ?", first, acknowledged));
    CHECK(kept == acknowledged - first + 1);
  }
}

}  // namespace
}  // namespace actiond
