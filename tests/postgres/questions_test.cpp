// Questions that many ask in one flight, of a real server.
#include <doctest/doctest.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "eventually.h"
#include "postgres/connections.h"
#include "support.h"
#include "test_engine.h"

namespace actiond {
namespace {

using test::eventually;
using test::PostgresDatabase;

constexpr std::string_view words_sql = "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)";
const std::array words_steps{Migration{1, "0001_words.sql", words_sql}};

std::optional<std::string> word(Reader& db, int id) {
  const auto row = db.row<std::string>("SELECT word FROM words WHERE id = ?", id);
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

using Words = std::vector<std::string>;

struct Asked {
  Asked() {
    engine->run([](Transaction& tx) {
      tx.run("INSERT INTO words (id, word) VALUES (1, 'one'), (2, 'two')");
    });
    REQUIRE(engine->answers() >= 0);
  }

  // As the leader of a worker does.
  void ask(const std::vector<int>& ids) {
    engine->begin_round();
    REQUIRE(engine->asks_ahead());
    for (const int id : ids)
      engine->ask_ahead([this, id](Reader& db) { found_nothing &= !word(db, id); },
                        [this, id](Reader& db) { told.push_back(word(db, id).value_or("none")); });
    engine->end_round();
  }
  bool take_answers(std::chrono::milliseconds limit) const {
    pollfd waited{.fd = engine->answers(), .events = POLLIN, .revents = 0};
    const bool has_come = poll(&waited, 1, static_cast<int>(limit.count())) == 1;
    if (has_come) engine->take_answers();
    return has_come;
  }
  void wait() const { REQUIRE(take_answers(std::chrono::seconds(10))); }
  // Those who go on at once.
  Words go_on() {
    told.clear();
    while (engine->go_on()) {
    }
    return told;
  }
  // Until that many have gone on, with answers or without.
  Words go_on_all(std::size_t number) {
    Words all;
    for (int tries = 0; tries < 100 && all.size() < number; ++tries) {
      const Words some = go_on();
      all.insert(all.end(), some.begin(), some.end());
      if (all.size() >= number) break;
      take_answers(std::chrono::milliseconds(500));
    }
    return all;
  }
  void change() {
    aside.begin("READ COMMITTED READ WRITE");
    aside.script("UPDATE words SET word = upper(word)");
    aside.commit();
  }
  bool asks_ahead() const {
    engine->begin_round();
    const bool asks = engine->asks_ahead();
    engine->end_round();
    return asks;
  }
  void cut() { test::cut_others(aside); }

  PostgresDatabase database{words_steps};
  PostgresConnection aside{database.url(), std::chrono::seconds(10)};
  std::unique_ptr<Engine> engine = postgres_engine(database.url(), words_steps);
  bool found_nothing = true;
  Words told;
};

TEST_CASE("the questions of a round are one flight, and each gets its own answer") {
  Asked asked;
  asked.ask({1, 2, 3});
  CHECK(asked.go_on().empty());
  asked.wait();
  asked.change();
  CHECK(asked.go_on() == Words{"one", "two", "none"});
  CHECK(asked.found_nothing);
}

TEST_CASE("an answer is of the moment at which it was asked for; all else is the newest") {
  Asked asked;
  Words found;
  asked.engine->begin_round();
  REQUIRE(asked.engine->asks_ahead());
  asked.engine->ask_ahead([](Reader& db) { word(db, 1); },
                          [&](Reader& db) {
                            for (const int id : {2, 1, 1}) found.push_back(*word(db, id));
                          });
  asked.engine->end_round();
  asked.wait();
  asked.change();
  CHECK(asked.engine->go_on());
  CHECK(found == Words{"TWO", "one", "one"});
}

TEST_CASE("questions that come while a flight is out are the next one's") {
  Asked asked;
  asked.ask({1});
  asked.ask({2});
  asked.wait();
  CHECK(asked.go_on() == Words{"one"});
  asked.change();
  asked.wait();
  CHECK(asked.go_on() == Words{"two"});
}

TEST_CASE("only a thread in its round asks ahead") {
  Asked asked;
  CHECK_FALSE(asked.engine->asks_ahead());
  asked.engine->begin_round();
  CHECK(asked.engine->asks_ahead());
  bool other = true;
  std::thread([&] { other = asked.engine->asks_ahead(); }).join();
  CHECK_FALSE(other);
  asked.engine->end_round();
  CHECK_FALSE(asked.engine->asks_ahead());
}

TEST_CASE("when the connection is cut all go on, and ask by themselves") {
  Asked asked;
  asked.ask({1});
  asked.cut();
  asked.ask({2});
  CHECK(asked.go_on_all(2) == Words{"one", "two"});
  CHECK(*word(asked.engine->reader(), 1) == "one");
  CHECK(eventually([&] { return asked.asks_ahead(); }));
  asked.ask({2, 1});
  CHECK(asked.go_on_all(2) == Words{"two", "one"});
}

TEST_CASE("where one connection was cut, another one is asked from then on") {
  Asked asked;
  REQUIRE(asked.asks_ahead());
  CHECK(*word(asked.engine->reader(), 1) == "one");
  asked.cut();
  CHECK(*word(asked.engine->reader(), 1) == "one");
  asked.ask({2});
  asked.wait();
  asked.change();
  CHECK(asked.go_on() == Words{"two"});  // and not TWO, which it would read by itself
}

TEST_CASE("who waits too long goes on, and asks by itself") {
  Asked asked;
  asked.aside.begin("READ COMMITTED READ WRITE");
  asked.aside.script("LOCK TABLE words IN ACCESS EXCLUSIVE MODE");
  asked.ask({1, 2});
  asked.wait();  // the timer
  CHECK_FALSE(asked.asks_ahead());
  asked.aside.roll_back();
  CHECK(asked.go_on() == Words{"one", "two"});
  asked.wait();  // the answers that nobody waits for
  CHECK(asked.asks_ahead());
  asked.ask({2});
  CHECK(asked.go_on_all(1) == Words{"two"});
}

TEST_CASE("many are several flights") {
  Asked asked;
  asked.ask(std::vector<int>(200, 2));
  CHECK(asked.go_on_all(200) == Words(200, "two"));
}

TEST_CASE("where there are few connections none is kept, and where all are lent the next is") {
  static_assert(most_works(1) == 1 && most_works(2) == 1 && most_works(3) == 1);
  static_assert(most_works(4) == 2 && most_works(8) == 6);
  const PostgresDatabase database(words_steps);
  for (const int most : {2, 3}) {
    Connections connections(database.url(), most);
    CHECK_FALSE(connections.keep_idle());
    { const Connections::Lent lent(connections); }
    const auto kept = connections.keep_idle();
    CHECK((kept != nullptr) == (most == 3));
    if (!kept) continue;
    const Connections::Lent one(connections), other(connections);
    CHECK_THROWS_AS(Connections::Lent{connections}, Unavailable);
    CHECK_FALSE(connections.keep_idle());
  }
}

TEST_CASE("a question that fails holds nobody up, and fails where it is asked again") {
  Asked asked;
  bool failed = false;
  asked.engine->begin_round();
  REQUIRE(asked.engine->asks_ahead());
  const auto nowhere = [](Reader& db) { db.row<std::string>("SELECT word FROM nowhere"); };
  asked.engine->ask_ahead(nowhere, [&](Reader& db) {
    CHECK_THROWS_AS(nowhere(db), std::runtime_error);
    failed = true;
  });
  asked.engine->ask_ahead([](Reader& db) { word(db, 2); },
                          [&](Reader& db) { CHECK(word(db, 2) == "two"); });
  asked.engine->end_round();
  while (!asked.engine->go_on()) asked.wait();
  CHECK(asked.engine->go_on());
  CHECK(failed);
  CHECK(eventually([&] { return asked.asks_ahead(); }));
}

}  // namespace
}  // namespace actiond
