// A reload under the eyes of visitors: none is lost, and what cannot work changes nothing.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <thread>

#include "count_of.h"
#include "served/client.h"
#include "served/fastcgi.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// Visitors that send without a pause, and count what came back.
class Visitors {
 public:
  // nginx keeps their connections, unless each request is to have its own.
  explicit Visitors(const RunningSite& site, bool own_connections = false) {
    for (int at = 0; at < 4; ++at)
      threads_.emplace_back([this, &site, own_connections] {
        auto client = std::make_unique<Client>(site);
        while (!stop_) {
          if (own_connections) client = std::make_unique<Client>(site);
          const int status = client->post("comments", {{"message", "under load"}}).status;
          ++(status == 200 ? answered_ : lost_);
        }
      });
  }
  Visitors(const Visitors&) = delete;
  Visitors& operator=(const Visitors&) = delete;
  ~Visitors() { leave(); }

  void leave() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  int answered() const { return answered_; }
  int lost() const { return lost_; }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<int> answered_ = 0, lost_ = 0;
  std::vector<std::thread> threads_;
};

// Once all are there.
std::vector<pid_t> workers_of(const RunningSite& site, std::size_t count = 2) {
  CHECK(eventually([&] { return site.workers().size() == count; }));
  return site.workers();
}

bool log_says(const RunningSite& site, std::string_view what, std::size_t times = 1) {
  return eventually([&] { return test::count_of(site.log(), what) >= times; });
}

// More than CI's by ACTIOND_RELOADS.
int reloads() {
  const char* told = std::getenv("ACTIOND_RELOADS");
  return told == nullptr ? 10 : std::atoi(told);
}

// Over a connection that is kept.
std::string ask_who(const Socket& pool) {
  using namespace fastcgi;
  pool.send(
      begin_request(true) +
      record(parameters, pair("REQUEST_METHOD", "GET") + pair("DOCUMENT_URI", "/actions/me")) +
      record(parameters, "") + record(input, ""));
  return pool.receive_until(record(end, std::string(8, '\0')));
}

}  // namespace

TEST_CASE("reloads under load lose no request, keep the process and leave nobody behind") {
  RunningSite site;
  const pid_t supervisor = site.pool().pid();
  Visitors visitors(site);
  for (int at = 0; at < reloads(); ++at) {
    const auto before = workers_of(site);
    const Outcome outcome = site.actiond({"reload"});
    CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
    CHECK(eventually([&] {
      const auto now = site.workers();
      return now.size() == 2 && std::none_of(now.begin(), now.end(), [&](pid_t pid) {
               return std::find(before.begin(), before.end(), pid) != before.end();
             });
    }));
  }
  visitors.leave();
  CHECK(visitors.lost() == 0);
  CHECK(visitors.answered() > 0);
  CHECK(site.row_counts().comments == visitors.answered());
  CHECK(site.pool().running());
  CHECK(site.pool().pid() == supervisor);
  CHECK(test::count_of(site.log(), "msg=reloaded") == static_cast<std::size_t>(reloads()));
}

TEST_CASE("25 signals 0 to 24 ms apart lose no request") {
  RunningSite site;
  Visitors visitors(site);
  for (int at = 0; at < 25; ++at) {
    site.pool().signal(SIGHUP);
    std::this_thread::sleep_for(std::chrono::milliseconds(at));
  }
  CHECK(log_says(site, "msg=reloaded"));
  // The last one counts, whatever it met.
  const Outcome outcome = site.actiond({"reload"});
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  // A trial that is killed may leave what LeakSanitizer started.
  CHECK(eventually([&] {
    const std::string log = site.log();
    return test::count_of(log, "reload begins") ==
           test::count_of(log, "executed anew") + test::count_of(log, "reload failed");
  }));
  visitors.leave();
  CHECK(visitors.lost() == 0);
  CHECK(site.row_counts().comments == visitors.answered());
}

TEST_CASE("a kept connection that is idle goes to the new workers") {
  RunningSite site({.workers = 1});
  const Socket connection = Socket::to_pool(site);
  REQUIRE(ask_who(connection).find("{\"user\":null}") != std::string::npos);
  const auto before = workers_of(site, 1);
  REQUIRE(site.actiond({"reload"}).exit_code == 0);
  REQUIRE(eventually([&] { return site.workers().size() == 1 && site.workers() != before; }));
  CHECK(ask_who(connection).find("{\"user\":null}") != std::string::npos);
}

TEST_CASE("the table of hosts has the former workers until they have ended, and no longer") {
  RunningSite site({.workers = 1});
  const auto told = [&](const char* column) {
    const auto rows = site.query(std::string("SELECT ") + column + " FROM hosts");
    return rows.size() == 1 ? rows.front() : "";
  };
  REQUIRE(Client(site).post("comments", {{"message", "made the database"}}).status == 200);
  REQUIRE(eventually([&] { return !told("generation").empty(); }));
  const std::string generation = told("generation"), keys = told("key_ids");
  const pid_t former = workers_of(site, 1).front();
  CHECK(site.actiond({"key", "new"}).exit_code == 0);
  kill(former, SIGSTOP);
  CHECK(site.actiond({"reload"}).exit_code == 0);
  CHECK(eventually([&] { return told("key_ids") != keys; }));
  CHECK(site.workers().size() == 2);
  CHECK(told("generation") == generation);
  kill(former, SIGCONT);
  CHECK(eventually([&] { return site.workers().size() == 1; }));
  CHECK(eventually([&] { return told("generation") != generation; }));
}

TEST_CASE("new settings and keys take effect, and old sessions live on") {
  RunningSite site({.workers = 1});
  Client ada(site);
  ada.sign_up("ada@example.com");
  site.edit("actiond.toml", "workers = 1", "workers = 3");
  REQUIRE(site.actiond({"key", "new"}).exit_code == 0);
  REQUIRE(site.actiond({"reload"}).exit_code == 0);
  CHECK(eventually([&] { return site.workers().size() == 3; }));
  CHECK(ada.post("author", {{"name", "Ada"}}).status == 200);
}

TEST_CASE("a reload that cannot work changes nothing, and says why") {
  RunningSite site;
  const auto before = workers_of(site);
  struct Row {
    const char* what;
    const char* with;
    const char* reason;
  };
  for (const Row& row :
       {Row{"threads = 4", "threads = 0", "pool.threads is a whole number"},
        Row{"workers = 2", "workers = 2\nshoes = 1", "unknown setting pool.shoes"},
        Row{"socket_group = \"", "socket_group = \"no-", "there is no group no-"},
        Row{"site.db", "other.db", "store.database takes effect by a restart"},
        Row{"actiond.sock", "other.sock", "pool.socket takes effect by a restart"}}) {
    CAPTURE(row.reason);
    const std::string good = read_file(site.settings());
    site.edit("actiond.toml", row.what, row.with);
    site.pool().signal(SIGHUP);
    CHECK(log_says(site, row.reason));
    write_file(site.settings(), good);
  }
  CHECK(site.workers() == before);
  CHECK(Client(site).post("comments", {{"message", "still here"}}).status == 200);
  CHECK(site.actiond({"reload"}).exit_code == 0);
}

TEST_CASE("a program that dies at start is not taken, and the one that mends it is") {
  RunningSite site({.with_pool = false});
  const std::filesystem::path program = site.folder() / "program";
  std::filesystem::copy_file(actiond_program(), program);
  site.start_pool({"env", "-u", "NOTHING", "bash", "-c", "exec \"$0\" \"${@:2}\"", program});
  const auto before = workers_of(site);
  const auto replace = [&](const std::string& text) {
    std::filesystem::remove(program);
    write_file(program, text);
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  };
  replace("#!/bin/sh\necho out of order >&2\nexit 3\n");
  const Outcome outcome = site.actiond({"reload"});
  CHECK(outcome.exit_code == 1);
  CHECK_MESSAGE(outcome.output.find("out of order (exit 3)") != std::string::npos, outcome.output);
  replace("not a program");
  CHECK(site.actiond({"reload"}).output.find("failed") != std::string::npos);
  CHECK(site.workers() == before);
  CHECK(Client(site).post("comments", {{"message", "still here"}}).status == 200);
  replace(read_file(actiond_program()));
  CHECK(site.actiond({"reload"}).exit_code == 0);
  CHECK(Client(site).post("comments", {{"message", "mended"}}).status == 200);
}

TEST_CASE("a supervisor that stands still for a while kills nobody") {
  RunningSite site;
  const auto before = workers_of(site);
  site.pool().signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK(Client(site).post("comments", {{"message", "meanwhile"}}).status == 200);
  site.pool().signal(SIGCONT);
  REQUIRE(site.actiond({"serve", "--check"}).exit_code == 0);
  CHECK(site.workers() == before);
}

TEST_CASE("nginx's own reload loses no request either") {
  RunningSite site;
  // It closes idle ones of visitors, who have to connect again (RFC 9112 section 9.3.1).
  Visitors visitors(site, true);
  for (int at = 0; at < 5; ++at) {
    site.reload_nginx();
    const int before = visitors.answered();
    REQUIRE(eventually([&] { return visitors.answered() >= before + 50; }));
  }
  visitors.leave();
  CHECK(visitors.lost() == 0);
  CHECK(site.row_counts().comments == visitors.answered());
}

TEST_CASE("workers that die at once are started later and later; after a reload at once") {
  RunningSite site;
  site.expect_dead_workers();
  workers_of(site);
  // Two workers, with pauses of 100, 200, 400, 800, 1600 ms.
  const auto died = [&site] { return test::count_of(site.log(), "msg=\"worker died\""); };
  CHECK(eventually([&] {
    for (const pid_t pid : site.workers()) kill(pid, SIGKILL);
    return died() >= 12;
  }));
  const std::size_t before = died();
  for (int at = 0; at < 50; ++at) {
    for (const pid_t pid : site.workers()) kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(died() <= before + 2);
  const Outcome outcome = site.actiond({"reload"});
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  CHECK(Client(site).post("comments", {{"message", "mended"}}).status == 200);
  CHECK(workers_of(site).size() == 2);
}

}  // namespace actiond::http
