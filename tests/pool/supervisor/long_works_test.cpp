#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "eventually.h"
#include "pool/supervisor/pool.h"

using namespace actiond;
using namespace actiond::test;

TEST_CASE("long work waits for its turn, and leaves a thread for the others") {
  const Gate begun, go_on;
  Pool pool([&] { return long_until(begun, go_on); });
  std::deque<Visitor> visitors;
  for (int at = 0; at < 3 * pool.threads(); ++at)
    visitors.emplace_back(pool.socket_file()).send(request_for("/long"));
  REQUIRE(begun.wait());
  CHECK(pool.ask("/").find(" /.") != std::string::npos);
  CHECK(visitors.back().receive_now().empty());
  go_on.open();
  for (const Visitor& visitor : visitors)
    CHECK(visitor.receive_all().find(" /long.") != std::string::npos);
}

TEST_CASE("a request that would wait too long for its long work is turned away at once") {
  // Two run at a time.
  const Gate begun, go_on;
  Pool pool([&] { return long_until(begun, go_on); }, {.workers = 1});
  std::deque<Visitor> visitors;
  const auto ask_long = [&](int times) {
    visitors.clear();
    for (int at = 0; at < times; ++at)
      visitors.emplace_back(pool.socket_file()).send(request_for("/long"));
    // Answered behind them, so they have been read.
    CHECK(pool.ask("/").find("Status: 200 ") != std::string::npos);
  };
  // Two of them wait, so that the pool knows how long a turn takes: a quarter of a second at least,
  // and so twelve of them would take the three seconds for which anybody is let wait.
  ask_long(4);
  const auto since = std::chrono::steady_clock::now();
  REQUIRE(eventually([since] {
    return std::chrono::steady_clock::now() - since > std::chrono::milliseconds(500);
  }));
  go_on.open();
  for (const Visitor& visitor : visitors)
    CHECK(visitor.receive_all().find("Status: 200 ") != std::string::npos);
  go_on.close();

  ask_long(30);
  std::vector<const Visitor*> waiting;
  for (const Visitor& visitor : visitors) {
    const std::string answer = visitor.receive_now();
    if (answer.empty())
      waiting.push_back(&visitor);
    else
      CHECK(answer.find("Status: 503 ") != std::string::npos);
  }
  CHECK(waiting.size() >= 3);
  CHECK(waiting.size() <= 2 + 13);
  go_on.open();
  for (const Visitor* visitor : waiting)
    CHECK(visitor->receive_all().find("Status: 200 ") != std::string::npos);
  CHECK(pool.ask("/long").find("Status: 200 ") != std::string::npos);
}

TEST_CASE("work that a request leaves for later is done, and the request answered") {
  Pool pool([] {
    struct Left {
      std::mutex mutex;
      std::vector<Reply> replies;
    };
    const auto left = std::make_shared<Left>();
    return Service{.answer =
                       [left](Request&, Reply reply) {
                         const std::lock_guard lock(left->mutex);
                         left->replies.push_back(std::move(reply));
                       },
                   .takes_long = [](const Request& request) { return request.path == "/long"; },
                   .has_work =
                       [left] {
                         const std::lock_guard lock(left->mutex);
                         return !left->replies.empty();
                       },
                   .work =
                       [left] {
                         std::unique_lock lock(left->mutex);
                         const auto replies = std::exchange(left->replies, {});
                         lock.unlock();
                         for (const Reply& reply : replies) reply(say("done"));
                       }};
  });
  for (const char* path : {"/short", "/long", "/short"})
    CHECK(pool.ask(path).find("done") != std::string::npos);
}
