// Faults while the site runs: workers, the disk, the database; and how it stops.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/mount.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "served/client.h"
#include "served/fastcgi.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

void write_sql(const std::filesystem::path& database, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(database.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

// 503 in every form while `site` is ill, and static pages as ever.
void check_ill(const RunningSite& site, const std::string& reason) {
  for (const std::string& accept : {as_browser, as_json, as_text}) {
    const Answer answer = Client(site, accept).post("comments", {{"message", "lost"}});
    CAPTURE(answer.body);
    CHECK(answer.status == 503);
    CHECK_FALSE(answer.holds("SQLite"));
    check_promises(site, answer);
  }
  CHECK(Client(site).get("/comments.html").status == 200);
  CHECK_MESSAGE(site.log().find(reason) != std::string::npos, reason);
}

bool works(const RunningSite& site) {
  return Client(site).post("comments", {{"message", "kept"}}).status == 200;
}

// A small disk at `folder` as long as it lives; needs the right to mount.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directory(folder_);
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_;
};

}  // namespace

TEST_CASE(
    "workers that are killed while they write lose nothing that was acknowledged, and double "
    "nothing") {
  RunningSite site({.workers = 2, .threads = 4});
  site.expect_dead_workers();
  std::mutex mutex;
  std::multiset<std::string> acknowledged;
  std::atomic<int> writing = 4, written = 0;
  std::vector<std::thread> visitors;
  for (int visitor = 0; visitor < 4; ++visitor)
    visitors.emplace_back([&, visitor] {
      Client client(site);
      for (int at = 0; at < 100; ++at) {
        const std::string message = std::to_string(visitor) + "-" + std::to_string(at);
        const int status = client.post("comments", {{"message", message}}).status;
        const std::lock_guard lock(mutex);
        if (status == 200) acknowledged.insert(message);
        CHECK((status == 200 || status == 503));
        ++written;
      }
      --writing;
    });
  std::mt19937 random(7);
  int killed = 0;
  while (killed < 8 && writing > 0) {
    const int before = written;
    REQUIRE(eventually([&] { return written >= before + 40 || writing == 0; }));
    const std::vector<pid_t> workers = site.workers();
    if (!workers.empty()) killed += kill(workers[random() % workers.size()], SIGKILL) == 0;
  }
  for (std::thread& visitor : visitors) visitor.join();
  CHECK(killed >= 3);
  CHECK(eventually([&] { return site.workers().size() == 2; }));
  CHECK(works(site));

  const std::vector<std::string> rows =
      site.query("SELECT message FROM comments WHERE message != 'kept'");
  const std::set<std::string> stored(rows.begin(), rows.end());
  CHECK(rows.size() == stored.size());
  CHECK(acknowledged.size() > 50);
  CHECK(std::includes(stored.begin(), stored.end(), acknowledged.begin(), acknowledged.end()));
  CHECK(site.query("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
}

TEST_CASE("a worker that dies is replaced, and said so in the log") {
  RunningSite site({.workers = 2, .threads = 2});
  site.expect_dead_workers();
  const pid_t dead = site.workers().front();
  kill(dead, SIGKILL);
  CHECK(eventually([&] {
    const std::vector<pid_t> now = site.workers();
    return now.size() == 2 && std::find(now.begin(), now.end(), dead) == now.end();
  }));
  for (int connection = 0; connection < 10; ++connection) CHECK(works(site));
  CHECK(site.log().find("msg=\"worker died\" pid=" + std::to_string(dead)) != std::string::npos);
}

TEST_CASE("idle workers use no processor") {
  RunningSite site;
  CHECK(works(site));
  const auto ticks = [&] {
    long sum = cpu_ticks(site.pool().pid());
    for (const pid_t worker : site.workers()) sum += cpu_ticks(worker);
    return sum;
  };
  // A span without a tick ends what the start left to do.
  REQUIRE(eventually([&] {
    const long then = ticks();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return ticks() == then;
  }));
  const long before = ticks();
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK(ticks() - before <= 8);  // of 400 for each processor; a wake-up may count as one
}

TEST_CASE("SIGTERM lets running requests finish: their answers arrive") {
  RunningSite site({.workers = 2, .threads = 4});
  // A request whose worker has all but the end of its body.
  const Socket running = Socket::to_pool(site);
  running.send(fastcgi::comment_head(10) + fastcgi::record(fastcgi::input, "message"));
  std::atomic<int> done = 0, refused = 0;
  std::vector<std::thread> visitors;
  for (int visitor = 0; visitor < 8; ++visitor)
    visitors.emplace_back([&, visitor] {
      const int status = Client(site)
                             .post("sign-up", {{"email", std::to_string(visitor) + "@example.org"},
                                               {"password", Client::password},
                                               {"name", "Ada"}})
                             .status;
      ++(status == 200 ? done : refused);
      CHECK((status == 200 || status == 503));
    });
  eventually([&] { return done > 0; });
  site.pool().signal(SIGTERM);
  CHECK(eventually([&] { return !std::filesystem::exists(site.socket()); }));
  running.send(fastcgi::record(fastcgi::input, "=hi") + fastcgi::record(fastcgi::input, ""));
  CHECK(running.receive_all().find("ok\n") != std::string::npos);
  for (std::thread& visitor : visitors) visitor.join();
  site.stop_pool();
  CHECK(done + refused == 8);
  CHECK(site.row_counts() == RowCounts{.users = done, .sessions = done, .comments = 1});
}

TEST_CASE("a database that is no database, or newer, is 503 until it is mended") {
  struct Row {
    std::string what;
    std::function<void(const RunningSite&)> harm, mend;
    std::string reason;
  };
  const std::vector<Row> rows{
      {"corrupt",
       [](const RunningSite& site) { write_file(site.database(), std::string(8192, 'x')); },
       [](const RunningSite& site) { std::filesystem::remove(site.database()); },
       "file is not a database"},
      {"newer",
       [](const RunningSite& site) { write_sql(site.database(), "PRAGMA user_version=999"); },
       [](const RunningSite& site) { write_sql(site.database(), "PRAGMA user_version=0"); },
       "install the newer program"},
      {"a folder",
       [](const RunningSite& site) { std::filesystem::create_directory(site.database()); },
       [](const RunningSite& site) { std::filesystem::remove(site.database()); },
       "unable to open database file"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    RunningSite site({.prepare = row.harm});
    check_ill(site, row.reason);
    const Outcome migrated = site.actiond({"migrate"});
    CHECK(migrated.exit_code == 1);
    CHECK_MESSAGE(migrated.output.find(row.reason) != std::string::npos, migrated.output);
    row.mend(site);
    CHECK(eventually([&] { return works(site); }));
    CHECK(site.row_counts() == RowCounts{.comments = 1});
  }
}

TEST_CASE("a disk that is full is 503 with nothing written, until there is room again") {
  TemporaryFolder outside;
  const SmallDisk disk(outside.path() / "disk");
  if (!disk.mounted()) {
    MESSAGE("not tested: mounting a small disk takes root");
    return;
  }
  const std::filesystem::path folder = outside.path() / "disk";
  RunningSite site({.prepare = [&](RunningSite& prepared) {
    prepared.edit("actiond.toml", "\"site.db\"", "\"" + (folder / "site.db").string() + "\"");
    std::filesystem::create_symlink(folder / "site.db", prepared.database());
  }});
  Client client(site);
  std::int64_t kept = 0;
  for (const std::size_t size : {2000, 4})
    while (kept < 1000 &&
           client.post("comments", {{"message", std::string(size, 'x')}}).status == 200)
      ++kept;
  CHECK(kept > 5);
  CHECK(kept < 1000);
  check_ill(site, "disk is full");
  CHECK(site.row_counts().comments == kept);
  REQUIRE(mount("tmpfs", folder.c_str(), "tmpfs", MS_REMOUNT, "size=8m") == 0);
  CHECK(eventually([&] { return works(site); }));
  CHECK(site.row_counts().comments == kept + 1);
  CHECK(site.query("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
}

}  // namespace actiond::http
