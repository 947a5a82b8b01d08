// How the pool is, as told while it can tell nothing itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "base/file_lock.h"
#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

nlohmann::json status_of(const RunningSite& site) {
  const Outcome outcome = site.actiond({"status", "--json"});
  REQUIRE_MESSAGE(outcome.exit_code == 0, outcome.output);
  return nlohmann::json::parse(outcome.output);
}

nlohmann::json action_of(const nlohmann::json& status, const std::string& name) {
  for (const auto& action : status["actions"])
    if (action["action"] == name) return action;
  return nullptr;
}

// The line whose first word that is, its words one space apart.
std::string line_of(const std::string& text, const std::string& first) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string spaced;
    for (std::string word; words >> word;) spaced += (spaced.empty() ? "" : " ") + word;
    if (spaced.starts_with(first + " ")) return spaced;
  }
  return "";
}

// A bit of everything: done, refused and led away.
void visit(const RunningSite& site) {
  Client client(site);
  CHECK(client.post("comments", {{"message", "hi"}}).status == 200);
  CHECK(client.post("comments", {{"message", ""}}).status == 422);
  CHECK(client.post("author", {{"name", "Ada"}}).status == 401);
  CHECK(Client(site, as_browser).post("author", {{"name", "Ada"}}).status == 303);
  CHECK(client.get("/actions/me").status == 200);
  CHECK(client.get("/actions/no-such").status == 404);
}

// Stopped as long as it lives.
class Stopped {
 public:
  explicit Stopped(std::vector<pid_t> pids) : pids_(std::move(pids)) {
    for (const pid_t pid : pids_) CHECK(kill(pid, SIGSTOP) == 0);
  }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;
  ~Stopped() {
    for (const pid_t pid : pids_) kill(pid, SIGCONT);
  }

 private:
  std::vector<pid_t> pids_;
};

}  // namespace

TEST_CASE("actiond status tells what was answered, and by whom") {
  const RunningSite site({.prepare = [](RunningSite& prepared) {
    REQUIRE(prepared.actiond({"key", "new", "--from", "2099-01-31"}).exit_code == 0);
  }});
  visit(site);
  const auto status = status_of(site);
  const auto comments = action_of(status, "comments");
  CHECK(comments["level"] == "public");
  CHECK(comments["requests"] == 2);
  CHECK(comments["refused"] == 1);
  CHECK(comments["statuses"] == nlohmann::json{{"200", 1}, {"422", 1}});
  CHECK(comments["ms"]["p99"] > 0);
  CHECK(action_of(status, "me")["requests"] == 1);
  CHECK(action_of(status, "(other)")["statuses"]["404"] == 1);
  CHECK(status["refusals"]["not_signed_in"] == 2);
  CHECK(status["refusals"]["invalid_fields"] == 1);
  CHECK(status["refusals"]["wrong_token"] == 0);
  CHECK(status["tokenRequests"] == 0);
  CHECK(status["writes"]["commits"] >= 1);  // the pool notes itself, maybe in the same one
  CHECK(status["writes"]["syncMs"]["p50"] > 0);
  CHECK(status["threads"]["all"] == 8);
  std::set<pid_t> told;
  for (const auto& worker : status["workers"]) {
    told.insert(worker["pid"].get<pid_t>());
    CHECK(worker["residentBytes"] > 1'000'000);
    CHECK(worker["cpuSeconds"] >= 0);
  }
  const auto workers = site.workers();
  CHECK(told == std::set<pid_t>(workers.begin(), workers.end()));
  CHECK(status["databaseBytes"] > 0);
  CHECK(status["walBytes"] > 0);
  CHECK(status["mail"]["waiting"] >= 0);
  CHECK(status["keys"][0]["signs"] == false);
  CHECK(status["keys"][1]["signs"] == true);
  CHECK(status["keys"][1]["ageSeconds"] < 3600);

  const Outcome text = site.actiond({"status"});
  CHECK(text.exit_code == 0);
  CHECK(line_of(text.output, "comments").starts_with("comments public 2 1 0 "));
  CHECK(line_of(text.output, "threads").ends_with(" of 8"));
  CHECK(site.actiond({"status", "--json", "--watch"}).exit_code == 2);
}

TEST_CASE("the status is told while every worker and the supervisor stand still") {
  RunningSite site;
  visit(site);
  std::vector<pid_t> all = site.workers();
  all.push_back(site.pool().pid());
  const Stopped stopped(all);
  CHECK(action_of(status_of(site), "comments")["requests"] == 2);
  CHECK(Client(site).get("/-/metrics").status == 200);
  CHECK(Client(site, as_browser).get("/-/status").status == 200);
}

TEST_CASE("busy threads show their request, action and phase") {
  const RunningSite site({.workers = 1, .threads = 4});
  // No password is hashed before this is gone: signing up stays at its work.
  std::optional<FileLock> hash_places(lock_path(site.database()));
  for (unsigned at = 0; at < std::max(1U, std::thread::hardware_concurrency()); ++at)
    hash_places->lock(lock_byte::first_hash_slot + static_cast<int>(at));
  std::future<void> visitor =
      std::async(std::launch::async, [&site] { Client(site).sign_up("ada@example.com"); });
  nlohmann::json seen;
  CHECK(eventually([&] {
    const auto status = status_of(site);
    for (const auto& thread : status["workers"][0]["busy"])
      if (thread["phase"] == "work") seen = thread;
    return !seen.is_null();
  }));
  CHECK(seen["action"] == "sign-up");
  CHECK(seen["request"].get<std::string>().size() == 32);
  CHECK(seen["requestMs"] >= seen["phaseMs"]);
  // A second thread is busy for as long as this takes.
  CHECK(Client(site).get("/actions/me").status == 200);
  hash_places.reset();
  CHECK_NOTHROW(visitor.get());
  CHECK(eventually([&] { return status_of(site)["threads"]["busy"] == 0; }));
  CHECK(status_of(site)["workers"][0]["peak"] >= 2);
}

TEST_CASE("nginx hands out status and metrics, each in its forms") {
  const RunningSite site;
  const Answer page = Client(site, as_browser).get("/-/status");
  CHECK(page.status == 200);
  CHECK(page.header("Content-Type").starts_with("text/html"));
  CHECK(page.header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
  CHECK(page.header("Cache-Control") == "no-store");
  CHECK(page.header("Vary") == "Accept");
  CHECK(page.holds("<h2>Busy threads</h2>"));
  CHECK(nlohmann::json::parse(Client(site).get("/-/status").body).contains("workers"));
  CHECK(Client(site, as_text).get("/-/status").body.starts_with("Pool\n"));
  // A list of fields that is sent in two lines (RFC 9110 section 5.3).
  CHECK(Client(site)
            .get("/-/status", {{"Accept", "image/png"}, {"Accept", "text/plain"}})
            .body.starts_with("Pool\n"));
  const Answer metrics = Client(site, "text/plain;version=0.0.4;q=0.5,*/*;q=0.1").get("/-/metrics");
  CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(metrics.body.starts_with("# HELP actiond_build_info "));
  CHECK(Client(site).send("POST", "/-/status").status == 405);
  CHECK(Client(site).get("/-/").status == 404);
  CHECK(Client(site).get("/-/status/").status == 404);
  // The workers do not know these.
  CHECK(Client(site).get("/actions/status").status == 404);
}

TEST_CASE("for other addresses there is no status") {
  const RunningSite site;
  for (const char* path : {"/-/status", "/-/metrics", "/-/x"}) {
    const Outcome outcome = run({"curl", "-s", "--interface", "127.0.0.2", "-o", "/dev/null", "-w",
                                 "%{http_code}", "-H", "X-Forwarded-For: 127.0.0.1",
                                 "http://127.0.0.1:" + std::to_string(site.port()) + path});
    CHECK(outcome.output == "404");
  }
}

TEST_CASE("promtool finds nothing wrong with what is scraped") {
  const RunningSite site;
  visit(site);
  Client client(site);
  client.sign_up("ada@example.com");
  const Answer metrics = client.get("/-/metrics");
  REQUIRE(metrics.status == 200);
  const Outcome outcome = run({"promtool", "check", "metrics"}, metrics.body);
  CHECK_MESSAGE(outcome.exit_code == 0, outcome.output);
  CHECK(outcome.output.empty());
}

TEST_CASE("a worker that dies is counted, and its counts stay") {
  RunningSite site;
  site.expect_dead_workers();
  visit(site);
  for (const pid_t worker : site.workers()) kill(worker, SIGKILL);
  CHECK(eventually([&] { return status_of(site)["restarts"]["signal"] == 2; }));
  CHECK(eventually([&] { return Client(site).get("/actions/me").status == 200; }));
  CHECK(action_of(status_of(site), "comments")["requests"] == 2);
}

TEST_CASE("counts go on over a reload, which is told, and so is why one was refused") {
  RunningSite site;
  visit(site);
  CHECK(status_of(site)["reload"].is_null());
  CHECK(site.actiond({"reload"}).exit_code == 0);
  CHECK(eventually([&] {
    const auto status = status_of(site);
    return status["reload"]["done"] == true && status["workers"].size() == 2;
  }));
  auto status = status_of(site);
  CHECK(action_of(status, "comments")["requests"] == 2);
  CHECK(status["restarts"]["reload"] == 2);
  CHECK(status["workers"][0]["generation"] == 2);

  site.edit("actiond.toml", "workers = 2", "workers = 0");
  site.pool().signal(SIGHUP);
  CHECK(eventually([&] {
    status = nlohmann::json::parse(Client(site).get("/-/status").body);
    return status["reload"]["done"] == false;
  }));
  site.edit("actiond.toml", "workers = 0", "workers = 2");
  CHECK(status["reload"]["reason"].get<std::string>().find("pool.workers is a whole number") !=
        std::string::npos);
  visit(site);
  CHECK(action_of(status_of(site), "comments")["requests"] == 4);
}

TEST_CASE("without a server actiond status says so") {
  RunningSite site;
  site.stop_pool();
  const Outcome outcome = site.actiond({"status"});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.output.find("no server answers on " + site.status_socket().string()) !=
        std::string::npos);
  CHECK(Client(site).get("/-/status").status == 503);
  CHECK(site.actiond({"reload"}).output.find("no server uses ") != std::string::npos);
}

}  // namespace actiond::http
