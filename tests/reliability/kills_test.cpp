// kill -9 of workers and of the whole pool, at any moment.  ACTIOND_KILLS says how many instead of
// 200.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "reliability/orders.h"

namespace actiond::reliability {
namespace {

int kills_wanted() {
  const char* kills = std::getenv("ACTIOND_KILLS");
  return kills == nullptr ? 200 : std::stoi(kills);
}

// Some ask again until they know, with the same key; the others never do.
class Writers {
 public:
  explicit Writers(const Buyer& buyer) : buyer_(buyer) {
    for (int writer = 0; writer < 8; ++writer)
      threads_.emplace_back([this, writer](const std::stop_token& stop) { write(stop, writer); });
  }

  // Ends when all have stopped.
  Topics acknowledged() {
    threads_.clear();
    return acknowledged_;
  }

  int acknowledged_so_far() const { return count_; }

 private:
  void write(const std::stop_token& stop, int writer) {
    const bool insists = writer % 2 == 0;
    for (int at = 0; !stop.stop_requested(); ++at) {
      const std::string topic = std::to_string(writer) + "-" + std::to_string(at);
      int status = 0;
      do {
        status = buyer_.order(topic);
        // Between two pools nobody listens.
        if (status == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      } while (insists && status != 200 && !stop.stop_requested());
      if (status != 200) continue;
      ++count_;
      const std::lock_guard lock(mutex_);
      acknowledged_.insert(topic);
    }
  }

  const Buyer& buyer_;
  std::atomic<int> count_ = 0;
  std::mutex mutex_;
  Topics acknowledged_;
  std::vector<std::jthread> threads_;
};

TEST_CASE("workers and whole pools that are killed lose nothing acknowledged, and double nothing") {
  RunningSite site({.workers = 8, .threads = 2, .with_nginx = false});
  site.expect_dead_workers();
  const Buyer buyer(site);
  Writers writers(buyer);
  std::mt19937 random(4);
  const auto pause = [&] {
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution(0, 8000)(random)));
  };
  int killed = 0, whole_pools = 0;
  while (killed < kills_wanted()) {
    // A worker that dies young is replaced later and later; a new pool knows nothing of that.
    for (int kills = 0; kills < 12; ++kills) {
      const int before = writers.acknowledged_so_far();
      REQUIRE(http::eventually([&] { return writers.acknowledged_so_far() > before; }));
      pause();
      const std::vector<pid_t> workers = site.workers();
      if (workers.empty()) continue;
      killed += kill(workers[random() % workers.size()], SIGKILL) == 0;
    }
    killed += static_cast<int>(site.workers().size());
    site.kill_whole_pool();
    ++whole_pools;
    site.start_pool();
  }
  const Topics acknowledged = writers.acknowledged();
  MESSAGE(killed, " workers killed, ", whole_pools, " times the whole pool; ", acknowledged.size(),
          " acknowledged");
  CHECK(acknowledged.size() > static_cast<std::size_t>(killed) / 2);
  CHECK(wrong_with(site.database(), acknowledged) == "");
  CHECK(http::eventually([&] { return buyer.order("afterwards") == 200; }));
}

}  // namespace
}  // namespace actiond::reliability
