// Transactions of several workers and hosts, as they meet on a real server.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "eventually.h"
#include "store/grants.h"
#include "store/sweep.h"
#include "test_engine.h"

namespace actiond {
namespace {

using test::PostgresDatabase;

const std::array counted_steps{
    Migration{1, "0001_numbers.sql",
              "CREATE TABLE numbers (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT"}};

// Two works of that isolation at once, each of which counts the numbers, waits until the other one
// has done so too, and adds what it counted.  Answers how often they ran.
int run_two(Engine& engine, Isolation isolation) {
  std::atomic<int> runs = 0;
  const auto work = [&runs](Transaction& tx) {
    const auto count = std::get<0>(*tx.row<std::int64_t>("SELECT count(*) FROM numbers"));
    if (++runs <= 2) test::eventually([&] { return runs >= 2; });
    tx.run("INSERT INTO numbers (n) VALUES (?)", count);
    return Verdict::Keep;
  };
  std::atomic<int> done = 0;
  for (int each = 0; each < 2; ++each)
    engine.queue(
        work,
        [&done](const std::exception_ptr& error) {
          CHECK_FALSE(error);
          ++done;
        },
        isolation);
  std::thread other([&] { engine.commit(); });
  engine.commit();
  other.join();
  CHECK(done == 2);
  return runs;
}

TEST_CASE(
    "what another one adds meanwhile makes a work run again, unless its author said otherwise") {
  const PostgresDatabase database(counted_steps);
  const auto engine = postgres_engine(database.url(), counted_steps);
  const auto added = [&] {
    std::vector<std::int64_t> numbers;
    for (const auto& [n] : engine->reader().rows<std::int64_t>("SELECT n FROM numbers ORDER BY id"))
      numbers.push_back(n);
    std::ranges::sort(numbers);
    return numbers;
  };
  SUBCASE("serializable, by default") {
    CHECK(run_two(*engine, Isolation::Serializable) > 2);
    CHECK(added() == std::vector<std::int64_t>{0, 1});
  }
  SUBCASE("read committed") {
    CHECK(run_two(*engine, Isolation::ReadCommitted) == 2);
    CHECK(added() == std::vector<std::int64_t>{0, 0});
  }
}

TEST_CASE("works that take turns find what those before them left, and none runs again") {
  const PostgresDatabase database(counted_steps);
  const auto engine = postgres_engine(database.url(), counted_steps);
  constexpr int works = 40;
  std::atomic<int> runs = 0;
  const auto queue_one = [&](int number) {
    // Each has a name in common with half of the others, and they name them in either order.
    std::vector<std::string> names{"all", number % 2 == 0 ? "even" : "odd"};
    if (number % 3 == 0) std::ranges::reverse(names);
    engine->queue(
        [&runs, names](Transaction& tx) {
          ++runs;
          std::int64_t count = -1;
          tx.in_turn(names, [&](Reader& db) {
            count = std::get<0>(*db.row<std::int64_t>("SELECT count(*) FROM numbers"));
          });
          tx.run("INSERT INTO numbers (n) VALUES (?)", count);
          // One that is undone leaves nothing, and ends its turn as well.
          return count == 5 && runs % 2 == 0 ? Verdict::Undo : Verdict::Keep;
        },
        [](const std::exception_ptr& error) { CHECK_FALSE(error); });
  };
  for (int number = 0; number < works; ++number) queue_one(number);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread) threads.emplace_back([&] { engine->commit(); });
  }
  CHECK(runs == works);
  std::int64_t next = 0;
  for (const auto& [n] : engine->reader().rows<std::int64_t>("SELECT n FROM numbers ORDER BY n"))
    CHECK(n == next++);
  CHECK(next > works / 2);
}

TEST_CASE("a work that waits too long for its turn is told so, and the next one gets it") {
  const PostgresDatabase database(counted_steps);
  const auto engine = postgres_engine(database.url(), counted_steps);
  PostgresConnection other(database.url(), std::chrono::seconds(10));
  const std::vector<std::string> names{"all"};
  other.begin("READ COMMITTED READ WRITE");
  other.in_turn(names, [](Reader&) {});
  const auto add = [&](int n) {
    engine->write([&](Transaction& tx) {
      tx.in_turn(names, [](Reader&) {});
      tx.run("INSERT INTO numbers (n) VALUES (?)", n);
      return Verdict::Keep;
    });
  };
  CHECK_THROWS_AS(add(1), Unavailable);
  CHECK(other.roll_back());
  add(2);
  CHECK(engine->reader().rows<std::int64_t>("SELECT n FROM numbers") ==
        std::vector<std::tuple<std::int64_t>>{{2}});
}

TEST_CASE("what was taken from an account counts in either isolation for whoever waited for it") {
  const PostgresDatabase database(library_migrations());
  const auto engine = postgres_engine(database.url(), library_migrations());
  engine->write([](Transaction& tx) {
    tx.run("INSERT INTO users (id, email, name, password_hash) VALUES (1, 'a@b.example', '', '')");
    give_grant(tx, 1, "paid", "operator", forever);
    return Verdict::Keep;
  });
  PostgresConnection other(database.url(), std::chrono::seconds(10));
  for (const Isolation isolation : {Isolation::Serializable, Isolation::ReadCommitted}) {
    CAPTURE(static_cast<int>(isolation));
    other.begin("READ COMMITTED READ WRITE");
    take_grant(other, 1, "paid", "operator");
    std::int64_t grants = -1;
    engine->queue(
        [&](Transaction& tx) {
          grants = std::get<0>(*tx.row<std::int64_t>(
              std::string("SELECT (SELECT count(*) FROM grants WHERE user_id = users.id) "
                          "FROM users WHERE id = 1")
                  .append(tx.holding_account())));
          return Verdict::Keep;
        },
        [](const std::exception_ptr& error) { CHECK_FALSE(error); }, isolation);
    std::thread waits([&] { engine->commit(); });
    PostgresConnection aside(database.url(), std::chrono::seconds(10));
    CHECK(test::eventually([&] {
      return aside.row<std::int64_t>(
                 "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                 "datname = current_database()") == std::tuple(1);
    }));
    other.commit();
    waits.join();
    CHECK(grants == 0);
    engine->write([](Transaction& tx) {
      give_grant(tx, 1, "paid", "operator", forever);
      return Verdict::Keep;
    });
  }
}

TEST_CASE("of several hosts one sweeps at a time") {
  const PostgresDatabase database(library_migrations());
  const auto engine = postgres_engine(database.url(), library_migrations());
  PostgresConnection other(database.url(), std::chrono::seconds(10));
  const auto rows = [&] {
    return std::get<0>(*engine->reader().row<std::int64_t>("SELECT count(*) FROM submissions"));
  };
  other.begin("READ COMMITTED READ WRITE");
  other.script(
      "INSERT INTO submissions (id, created_at, result, fingerprint) VALUES ('\\x01', 1, '', '')");
  other.commit();
  other.begin("READ COMMITTED READ WRITE");
  CHECK(other.row<bool>("SELECT pg_try_advisory_xact_lock(hashtextextended('sweep', 0))") ==
        std::tuple(true));
  const Time now{std::chrono::seconds(2'000'000'000)};
  sweep(*engine, now);
  CHECK(rows() == 1);
  other.commit();
  sweep(*engine, now);
  CHECK(rows() == 0);
}

}  // namespace
}  // namespace actiond
