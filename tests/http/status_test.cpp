// What an operator sees of the pool.
#include "http/site.h"

namespace actiond::http {

TEST_CASE("status tells of the processes that run, the keys and the last reload") {
  RunningSite site;
  REQUIRE(eventually([&] { return site.workers().size() == 2; }));
  const Outcome page = site.actiond({"status"});
  CHECK(page.exit_code == 0);
  CHECK(page.output.find("last reload    none yet\n") != std::string::npos);
  const auto key = site.actiond({"key", "list"}).output;
  CHECK(page.output.find(key.substr(0, key.find('\t')) + " signs, 1 in all") != std::string::npos);

  REQUIRE(site.actiond({"reload"}).exit_code == 0);
  REQUIRE(eventually([&] { return site.workers().size() == 2; }));
  const Outcome json = site.actiond({"status", "--json"});
  CHECK(json.exit_code == 0);
  CHECK(json.output.find("\"lastReload\":\"reloaded at 20") != std::string::npos);
  CHECK(json.output.find("{\"supervisor\":{\"pid\":" + std::to_string(site.pool().pid()) + ",") ==
        0);
  for (const pid_t worker : site.workers())
    CHECK(json.output.find("{\"pid\":" + std::to_string(worker) + ",") != std::string::npos);
}

TEST_CASE("status and reload fail when no server runs") {
  const RunningSite site({.with_pool = false, .with_nginx = false});
  for (const char* command : {"status", "reload"}) {
    const Outcome outcome = site.actiond({command});
    CHECK(outcome.exit_code == 1);
    CHECK_MESSAGE(outcome.output.find("no server uses ") != std::string::npos, outcome.output);
  }
}

}  // namespace actiond::http
