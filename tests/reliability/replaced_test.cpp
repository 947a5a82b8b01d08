// A worker whose sync failed cannot know what is on disk: it makes room for another.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "reliability/orders.h"
#include "reliability/strace.h"
#include "skip.h"

namespace actiond::reliability {
namespace {

TEST_CASE("a worker whose sync failed is replaced, and syncs that file no more") {
  if (!may_trace()) return test::skip("strace may not trace here");
  RunningSite site({.workers = 1, .threads = 1, .with_pool = false, .with_nginx = false});
  site.expect_dead_workers();
  site.start_pool();
  const Buyer buyer(site);
  site.stop_pool();
  site.start_pool(failing(site, {"fdatasync", {"site.db-wal"}, "3"}));
  REQUIRE(http::eventually([&] { return buyer.order("0") == 200; }));
  const std::vector<pid_t> before = site.workers();
  REQUIRE(before.size() == 1);
  std::set<int> statuses;
  for (int at = 1; at < 6; ++at) statuses.insert(buyer.order(std::to_string(at)));
  CHECK(http::eventually([&] { return !site.workers().empty() && site.workers() != before; }));
  CHECK(http::eventually([&] { return buyer.order("afterwards") == 200; }));
  CHECK(statuses.contains(200));
  statuses.erase(200);
  CHECK(!statuses.empty());
  for (const int status : statuses) CHECK((status == 503 || status == 0));  // 0: nginx says 503
  site.stop_pool();

  // The new worker's third fails as well, if it comes as far.
  const std::vector<Call> calls = traced(site);
  const auto failed = std::find_if(calls.begin(), calls.end(), [](const Call& call) {
    return call.name == "fdatasync" && call.failed;
  });
  REQUIRE(failed != calls.end());
  const auto gone = std::find_if(failed, calls.end(), [&](const Call& call) {
    return call.name == "exit" && call.thread == before.front();
  });
  CHECK(std::none_of(failed + 1, gone, [&](const Call& call) {
    return call.name == "fdatasync" && call.file == failed->file;
  }));
}

TEST_CASE("a worker whose sync failed while a try to sign in was counted is replaced") {
  if (!may_trace()) return test::skip("strace may not trace here");
  RunningSite site({.workers = 1, .threads = 1, .with_pool = false, .with_nginx = false});
  site.expect_dead_workers();
  site.start_pool();
  const Buyer buyer(site);
  site.stop_pool();
  site.start_pool(failing(site, {"fdatasync", {"site.db-wal"}, "2"}));
  REQUIRE(http::eventually([&] { return buyer.try_to_sign_in("first") == 422; }));
  const std::vector<pid_t> before = site.workers();
  REQUIRE(before.size() == 1);
  // Nobody asks for anything else until the worker is gone.
  CHECK(buyer.try_to_sign_in("second") == 503);
  CHECK(http::eventually([&] { return !site.workers().empty() && site.workers() != before; }));
  CHECK(http::eventually([&] { return buyer.order("afterwards") == 200; }));
}

}  // namespace
}  // namespace actiond::reliability
