// Nobody writes to the database or its log outside the write lock: SQLite before 3.51.3 can lose
// pages when a checkpoint meets a commit.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "reliability/orders.h"
#include "reliability/recording.h"

namespace actiond::reliability {
namespace {

// The first write to the database or its log by a process that does not hold the write lock.
std::optional<Event> outside_the_lock(const std::vector<Event>& events) {
  pid_t holder = 0;
  for (const Event& event : events) {
    if (event.did == Did::take_lock) holder = event.process;
    if (event.did == Did::leave_lock && holder == event.process) holder = 0;
    const bool changes = event.did == Did::write || event.did == Did::truncate ||
                         event.did == Did::create || event.did == Did::remove;
    if (changes && holder != event.process) return event;
  }
  return std::nullopt;
}

TEST_CASE("nobody writes to the database outside the write lock, the command line included") {
  RunningSite site({.workers = 3, .threads = 2, .with_pool = false, .with_nginx = false});
  site.expect_dead_workers();
  std::optional<Buyer> buyer;
  for (int round = 0; round < 2; ++round) {
    command(site, {"migrate"}, recorder(site));
    site.start_pool(recorder(site));
    if (!buyer) buyer.emplace(site, recorder(site));
    const auto order = [&](int buyers, int each, const std::string& name) {
      together(buyers, [&](int which) {
        for (int at = 0; at < each; ++at)
          buyer->order(name + std::to_string(round) + "-" + std::to_string(which) + "-" +
                       std::to_string(at));
      });
    };
    order(6, 60, "many-");
    command(site, {"revoke", "ada@example.com"}, recorder(site));
    command(site, {"grant", "ada@example.com"}, recorder(site));
    order(1, 200, "few-");
    if (round == 0)
      site.kill_whole_pool();
    else
      site.stop_pool();
    // By default SQLite does a checkpoint when the last connection closes.
    command(site, {"user", "list"}, recorder(site));
    command(site, {"grant", "ada@example.com"}, recorder(site));
  }

  std::vector<Event> events = recorded(site);
  const auto wrong = outside_the_lock(events);
  CHECK_MESSAGE(!wrong, wrong->path);
  // Whether checkpoints were among it, after those that made the tables.
  const auto first_answer = std::find_if(events.begin(), events.end(), [](const Event& event) {
    return !acknowledged_by(event).empty();
  });
  CHECK(std::any_of(first_answer, events.end(), [&](const Event& event) {
    return event.did == Did::write && event.path == site.database();
  }));
  // Whether it would show: as somebody else's, any write is one too many.
  const auto written = std::find_if(first_answer, events.end(),
                                    [](const Event& event) { return event.did == Did::write; });
  REQUIRE(written != events.end());
  written->process = 1;
  CHECK(outside_the_lock(events));
}

}  // namespace
}  // namespace actiond::reliability
