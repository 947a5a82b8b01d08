#include "pool/supervisor/stuck_requests.h"

#include <doctest/doctest.h>

#include "support.h"

using namespace actiond;
using namespace std::chrono_literals;

namespace {

// A pool of two workers whose threads do what a test says.
struct Threads {
  Counters counters{std::vector<CountedAction>{{"comments", "public"}, {"order", "paid"}}};
  std::vector<Watched> workers;
  WorkerCell& one = worker(11);
  WorkerCell& other = worker(12);
  SteadyTime now{1000s};
  StuckRequests stuck{20s};

  WorkerCell& worker(pid_t pid) {
    WorkerCell& cell = counters.take_cell(1);
    cell.threads = 4;
    workers.push_back({pid, &cell});
    return cell;
  }

  void enter(ThreadCell& thread, std::uint32_t doing, std::chrono::seconds ago) const {
    thread.sequence += 2;
    thread.doing = doing;
    thread.action = 2;
    thread.begun = (now - ago - 1s).time_since_epoch().count();
    thread.since = (now - ago).time_since_epoch().count();
    thread.id[0] = 0x6564;  // "de"
  }

  std::optional<StuckRequest> look() { return stuck.look(counters, workers, now); }
};

constexpr std::uint32_t in(Phase phase) {
  return ThreadCell::FirstPhase + static_cast<std::uint32_t>(phase);
}

}  // namespace

TEST_CASE("a request is stuck when it was above the limit at two looks") {
  Threads threads;
  threads.enter(threads.one.thread[3], in(Phase::Write), 20s);
  CHECK(!threads.look());
  threads.now += 1s;
  CHECK(!threads.look());
  threads.now += 1s;
  const auto found = threads.look();
  REQUIRE(found);
  CHECK(found->pid == 11);
  CHECK(found->id == "de");
  CHECK(found->action == "order");
  CHECK(found->phase == "write");
  CHECK(found->in_phase == 22s);
  CHECK(found->age == 23s);
}

TEST_CASE("one that went on between two looks is not") {
  Threads threads;
  threads.enter(threads.one.thread[0], in(Phase::Work), 30s);
  CHECK(!threads.look());
  threads.enter(threads.one.thread[0], in(Phase::Work), 29s);
  CHECK(!threads.look());
  threads.enter(threads.one.thread[0], ThreadCell::Nothing, 40s);
  CHECK(!threads.look());
}

TEST_CASE("whoever waits for the write lock, or for the rest of a body, is not") {
  Threads threads;
  threads.enter(threads.one.thread[0], ThreadCell::AtWriteLock, 60s);
  threads.enter(threads.one.thread[1], in(Phase::Body), 60s);
  CHECK(!threads.look());
  CHECK(!threads.look());
}

TEST_CASE("of several the one that its thread has been at the longest is told") {
  Threads threads;
  threads.enter(threads.one.thread[0], in(Phase::Work), 25s);
  threads.enter(threads.other.thread[1], in(Phase::Commit), 26s);
  threads.enter(threads.other.thread[2], in(Phase::Work), 24s);
  CHECK(!threads.look());
  CHECK(threads.look()->pid == 12);
  CHECK(threads.look()->phase == "commit");
}

TEST_CASE("what is forgotten gets two looks again, and a worker that is gone is not looked at") {
  Threads threads;
  threads.enter(threads.one.thread[0], in(Phase::Work), 25s);
  CHECK(!threads.look());
  threads.stuck.forget();
  CHECK(!threads.look());
  CHECK(threads.look());
  threads.workers.erase(threads.workers.begin());
  CHECK(!threads.look());
}

TEST_CASE("an action that nobody knows is none of the known ones") {
  Threads threads;
  threads.enter(threads.one.thread[0], in(Phase::Work), 25s);
  threads.one.thread[0].action = 1'000'000;
  CHECK(!threads.look());
  CHECK(threads.look()->action == "(other)");
}
