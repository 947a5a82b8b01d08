#include "sqlite/database.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

using test::insert;
using test::numbers;
using test::Work;
using test::write_together;

struct OpenedDatabase {
  test::TemporaryFolder folder;
  Database database{folder / "site.db", test::numbers_schema};
};

std::vector<int> up_to(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// Eight threads that write `each` numbers apiece, through one store or another.
void write_from_threads(const std::vector<Store*>& stores, int each) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.emplace_back([&stores, thread, each] {
      Store& store = *stores[static_cast<std::size_t>(thread) % stores.size()];
      for (int at = 0; at < each; ++at) store.write(insert(thread * each + at));
    });
  for (std::thread& thread : threads) thread.join();
}

TEST_CASE("every write of every thread is kept, once") {
  OpenedDatabase opened;
  write_from_threads({&opened.database}, 25);
  CHECK(numbers(opened.database) == up_to(200));
}

TEST_CASE("every write through two databases on one file is kept, as of two processes") {
  OpenedDatabase opened;
  Database other(opened.folder / "site.db", test::numbers_schema);
  write_from_threads({&opened.database, &other}, 10);
  CHECK(numbers(opened.database) == up_to(80));
}

TEST_CASE("writers that wait share a transaction") {
  OpenedDatabase opened;
  Connection outside = [&] {
    opened.database.open();
    return Connection(opened.folder / "site.db", Connection::Use::Read);
  }();
  const auto committed = [&outside] {
    return std::get<0>(*outside.row<int>("SELECT count(*) FROM numbers"));
  };
  int shared = 0;
  for (int round = 0; round < 50 && shared == 0; ++round) {
    std::vector<test::Work> works;
    for (int at = 0; at < 4; ++at)
      works.push_back([&, n = round * 4 + at](Transaction& tx) {
        if (std::get<0>(*tx.row<int>("SELECT count(*) FROM numbers")) > committed()) ++shared;
        return insert(n)(tx);
      });
    write_together(opened.database, works);
  }
  CHECK(shared > 0);
}

TEST_CASE("who throws or undoes is undone alone") {
  OpenedDatabase opened;
  const auto thrower = [](int n) -> test::Work {
    return [n](Transaction& tx) -> Verdict {
      insert(n)(tx);
      throw std::runtime_error("thrown " + std::to_string(n));
    };
  };
  const auto outcomes =
      write_together(opened.database, {insert(1), insert(2, Verdict::Undo), thrower(3), insert(4),
                                       [](Transaction& tx) -> Verdict {
                                         insert(5)(tx);
                                         throw 5;
                                       },
                                       // A statement that fails ends its own work only.
                                       [](Transaction& tx) {
                                         insert(6)(tx);
                                         return insert(6)(tx);
                                       },
                                       insert(7)});
  CHECK(outcomes ==
        std::vector<std::string>{"done", "done", "thrown 3", "done", "something else",
                                 "SQLite: UNIQUE constraint failed: numbers.n (1555) in: "
                                 "INSERT INTO numbers (n) VALUES (?)",
                                 "done"});
  CHECK(numbers(opened.database) == std::vector{1, 4, 7});
}

// One batch, in this order; what each was told.
std::vector<std::string> write_in_order(Database& database, const std::vector<Work>& works) {
  std::vector<std::string> told;
  for (const Work& work : works)
    database.queue(
        work,
        [&told](const std::exception_ptr& error) { told.emplace_back(error ? "failed" : "done"); },
        Isolation::Serializable);
  database.commit();
  return told;
}

TEST_CASE("works run together, and again each by itself when one of them undoes what it wrote") {
  OpenedDatabase opened;
  std::vector<int> ran;
  const auto noting = [&ran](int n, Verdict verdict = Verdict::Keep) -> Work {
    return [&ran, n, verdict](Transaction& tx) {
      ran.push_back(n);
      return insert(n, verdict)(tx);
    };
  };
  const Work nothing = [](Transaction&) { return Verdict::Undo; };
  write_in_order(opened.database, {noting(1), nothing, noting(2)});
  CHECK(ran == std::vector{1, 2});
  ran.clear();
  write_in_order(opened.database, {noting(4), noting(5), noting(6, Verdict::Undo), noting(7),
                                   noting(8, Verdict::Undo)});
  // Behind it for a while each runs by itself, once.
  CHECK(ran == std::vector{4, 5, 6, 4, 5, 6, 7, 8});
  CHECK(numbers(opened.database) == std::vector{1, 2, 4, 5, 7});
}

TEST_CASE("a savepoint that a work leaves is none of its neighbours'") {
  OpenedDatabase opened;
  const Work leaving = [](Transaction& tx) {
    tx.run("SAVEPOINT part");
    return insert(2)(tx);
  };
  const Work going_back = [](Transaction& tx) {
    insert(3)(tx);
    tx.run("ROLLBACK TO part");
    return Verdict::Keep;
  };
  CHECK(write_in_order(opened.database, {insert(1), leaving, going_back, insert(4)}) ==
        std::vector<std::string>{"done", "done", "failed", "done"});
  CHECK(numbers(opened.database) == std::vector{1, 2, 4});
}

TEST_CASE("work that catches its own failure keeps the rest") {
  OpenedDatabase opened;
  opened.database.write([](Transaction& tx) {
    insert(1)(tx);
    CHECK_THROWS(insert(1)(tx));
    return insert(2)(tx);
  });
  CHECK(numbers(opened.database) == std::vector{1, 2});
}

TEST_CASE("work may undo a part of itself") {
  OpenedDatabase opened;
  opened.database.write([](Transaction& tx) {
    insert(1)(tx);
    tx.run("SAVEPOINT part");
    insert(2)(tx);
    tx.run("ROLLBACK TO part");
    return insert(3)(tx);
  });
  CHECK(numbers(opened.database) == std::vector{1, 3});
}

TEST_CASE("work that leaves a savepoint open is undone as a whole") {
  OpenedDatabase opened;
  const auto half = [](Transaction& tx) {
    insert(1)(tx);
    tx.run("SAVEPOINT part");
    insert(2)(tx);
    return Verdict::Undo;
  };
  opened.database.write(half);
  opened.database.write(insert(3));
  CHECK(numbers(opened.database) == std::vector{3});
}

TEST_CASE("a constraint that is checked at the end fails its own work only") {
  test::TemporaryFolder folder;
  const std::vector<Migration> schema{
      {1, "0001_deferred.sql",
       "CREATE TABLE numbers (n INTEGER PRIMARY KEY, next INTEGER REFERENCES numbers (n) "
       "DEFERRABLE INITIALLY DEFERRED) STRICT;"}};
  Database database(folder / "site.db", schema);
  const test::Work dangling = [](Transaction& tx) {
    tx.run("INSERT INTO numbers VALUES (?, ?)", 1, 99);
    return Verdict::Keep;
  };
  const auto outcomes = write_together(database, {insert(2), dangling, insert(3)});
  CHECK(outcomes[0] == "done");
  CHECK(outcomes[1] != "done");
  CHECK(outcomes[2] == "done");
  CHECK(numbers(database) == std::vector{2, 3});
}

TEST_CASE("a handler's own transaction control is refused, and its neighbours are kept") {
  for (const std::string sql :
       {"COMMIT", "ROLLBACK", "END", "BEGIN", "SAVEPOINT Action", "RELEASE action",
        "ROLLBACK TO action", "/* x */ commit", "ATTACH '/tmp/x.db' AS x", "DETACH main",
        "PRAGMA synchronous=OFF", "PRAGMA defer_foreign_keys=ON", "PRAGMA user_version"}) {
    CAPTURE(sql);
    OpenedDatabase opened;
    const auto control = [&](Transaction& tx) {
      insert(2)(tx);
      tx.run(sql);
      return Verdict::Keep;
    };
    // One that catches the refusal goes on as if it had not asked.
    const auto catching = [&](Transaction& tx) {
      try {
        tx.run(sql);
      } catch (const std::logic_error&) {
        insert(3)(tx);
      }
      return Verdict::Keep;
    };
    std::vector<std::string> outcomes;
    for (const Work& work : std::vector<Work>{insert(1), control, catching, insert(4)})
      opened.database.queue(
          work,
          [&](std::exception_ptr error) {
            try {
              if (error) std::rethrow_exception(error);
              outcomes.emplace_back("done");
            } catch (const Unavailable&) {
              outcomes.emplace_back("unavailable");
            } catch (const std::logic_error&) {
              outcomes.emplace_back("refused");
            }
          },
          Isolation::Serializable);
    opened.database.commit();
    CHECK(outcomes == std::vector<std::string>{"done", "refused", "done", "done"});
    CHECK(numbers(opened.database) == std::vector{1, 3, 4});
  }
}

TEST_CASE("a reader can neither begin a transaction nor lift its own limits") {
  OpenedDatabase opened;
  opened.database.write(insert(1));
  for (const std::string sql : {"BEGIN", "SAVEPOINT action", "PRAGMA query_only=OFF",
                                "ATTACH '/tmp/x.db' AS x", "VACUUM INTO '/dev/null'"}) {
    CAPTURE(sql);
    CHECK_THROWS(opened.database.reader().rows<int>(sql));
    CHECK_THROWS_AS(opened.database.snapshot([&](Reader& db) { db.rows<int>(sql); }),
                    std::exception);
  }
  CHECK(numbers(opened.database) == std::vector{1});
}

TEST_CASE("what waits is run in the order it came, in batches that are bounded") {
  OpenedDatabase opened;
  constexpr int count = 1100;
  const auto committed = [&] {
    return std::get<0>(*opened.database.reader().row<int>("SELECT count(*) FROM numbers"));
  };
  std::vector<int> ran, told;
  std::map<int, int> batches;  // by what was committed before
  for (int n = 0; n < count; ++n)
    opened.database.queue(
        [&, n](Transaction& tx) {
          ++batches[committed()];
          ran.push_back(n);
          return insert(n)(tx);
        },
        [&, n](std::exception_ptr error) {
          CHECK_FALSE(error);
          // By then it is committed.
          CHECK(committed() > n);
          told.push_back(n);
        },
        Isolation::Serializable);
  CHECK(opened.database.is_waiting());
  CHECK(told.empty());
  opened.database.commit();
  CHECK_FALSE(opened.database.is_waiting());
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  CHECK(ran == all);
  CHECK(told == all);
  CHECK(batches.size() < count / 2);
  for (const auto& [before, size] : batches) CHECK(size <= 512);
}

TEST_CASE("who is told may queue more") {
  OpenedDatabase opened;
  std::vector<int> told;
  opened.database.queue(
      insert(1),
      [&](std::exception_ptr) {
        told.push_back(1);
        opened.database.queue(
            insert(2), [&](std::exception_ptr) { told.push_back(2); }, Isolation::Serializable);
      },
      Isolation::Serializable);
  opened.database.commit();
  CHECK(told == std::vector{1, 2});
  CHECK(numbers(opened.database) == std::vector{1, 2});
}

TEST_CASE("a reader sees what is committed, and nothing before") {
  OpenedDatabase opened;
  opened.database.write([&](Transaction& tx) {
    insert(1)(tx);
    CHECK(tx.row<int>("SELECT count(*) FROM numbers") == std::tuple(1));
    CHECK(numbers(opened.database).empty());
    return Verdict::Keep;
  });
  CHECK(numbers(opened.database) == std::vector{1});
}

TEST_CASE("threads that read one after the other share a reader") {
  OpenedDatabase opened;
  opened.database.open();
  const auto open_files = [&] {
    const auto files = std::filesystem::directory_iterator("/proc/self/fd");
    return std::count_if(begin(files), end(files), [&](const auto& file) {
      std::error_code gone;
      return std::filesystem::read_symlink(file, gone) == opened.folder / "site.db";
    });
  };
  const auto before = open_files();
  for (int thread = 0; thread < 8; ++thread) std::thread([&] { numbers(opened.database); }).join();
  CHECK(open_files() == before + 1);
}

TEST_CASE("readers at the same time have one each") {
  OpenedDatabase opened;
  opened.database.write(insert(1));
  opened.database.snapshot([&](Reader& outer) {
    const auto seen = [&] { return outer.rows<std::int64_t>("SELECT n FROM numbers").size(); };
    CHECK(seen() == 1);
    opened.database.write(insert(2));
    CHECK(numbers(opened.database).size() == 2);
    CHECK(seen() == 1);
  });
  CHECK(numbers(opened.database).size() == 2);
}

TEST_CASE("a snapshot keeps to the data of one moment") {
  OpenedDatabase opened;
  Database other(opened.folder / "site.db", test::numbers_schema);
  const auto count = [](Reader& db) {
    return std::get<0>(*db.row<int>("SELECT count(*) FROM numbers"));
  };
  opened.database.write(insert(1));
  opened.database.snapshot([&](Reader& db) {
    CHECK(count(db) == 1);
    other.write(insert(2));
    CHECK(count(db) == 1);
  });
  CHECK(numbers(opened.database) == std::vector{1, 2});
}

TEST_CASE("the reads of a round see the moment of its first, and the next round the newest data") {
  OpenedDatabase opened;
  Database other(opened.folder / "site.db", test::numbers_schema);
  opened.database.write(insert(1));
  opened.database.begin_round();
  other.write(insert(2));
  CHECK(numbers(opened.database) == std::vector{1, 2});
  other.write(insert(3));
  CHECK(numbers(opened.database) == std::vector{1, 2});
  // Another thread is no part of it.
  std::thread([&] { CHECK(numbers(opened.database) == std::vector{1, 2, 3}); }).join();
  opened.database.end_round();
  opened.database.end_round();
  CHECK(numbers(opened.database) == std::vector{1, 2, 3});
  opened.database.begin_round();
  CHECK(numbers(opened.database) == std::vector{1, 2, 3});
  opened.database.end_round();
}

TEST_CASE("a read inside another one, or behind one that threw, is a read like others in a round") {
  OpenedDatabase opened;
  for (const int n : {1, 2, 3}) opened.database.write(insert(n));
  opened.database.begin_round();
  std::vector<std::vector<int>> inner;
  opened.database.reader().each_row("SELECT n FROM numbers ORDER BY n", {}, [&](Reader::Row) {
    inner.push_back(numbers(opened.database));
    return true;
  });
  CHECK(inner == std::vector(3, std::vector{1, 2, 3}));
  CHECK_THROWS(opened.database.reader().rows<int>("SELECT missing FROM numbers"));
  CHECK_THROWS(opened.database.reader().rows<std::string>("SELECT n FROM numbers"));
  CHECK(numbers(opened.database) == std::vector{1, 2, 3});
  opened.database.end_round();
  opened.database.write(insert(4));
  CHECK(numbers(opened.database) == std::vector{1, 2, 3, 4});
}

TEST_CASE("what a reader has read stays in memory to a bound, outside of rounds a small one") {
  OpenedDatabase opened;
  opened.database.write([](Transaction& tx) {
    for (int n = 0; n < 8000; ++n)
      tx.run("INSERT INTO numbers (filler) VALUES (?)", Blob{std::string(1000, 'x')});
    return Verdict::Keep;
  });
  const auto kept_kibibytes = [] {
    int now = 0, most = 0;
    sqlite3_status(SQLITE_STATUS_PAGECACHE_OVERFLOW, &now, &most, 0);
    return now >> 10;
  };
  const auto grows_by = [&] {
    const int before = kept_kibibytes();
    opened.database.reader().rows<std::int64_t>("SELECT sum(filler > x'00') FROM numbers");
    return kept_kibibytes() - before;
  };
  const int outside = grows_by();
  CHECK(outside > 100);
  CHECK(outside < 400);
  opened.database.begin_round();
  const int in_round = grows_by();
  opened.database.end_round();
  CHECK(in_round > 3000);
  CHECK(in_round < 5500);
}

TEST_CASE("a snapshot that throws is over") {
  OpenedDatabase opened;
  opened.database.write(insert(1));
  CHECK_THROWS_WITH(opened.database.snapshot([](Reader& db) {
    db.row<int>("SELECT count(*) FROM numbers");
    throw std::runtime_error("mine");
  }),
                    "mine");
  opened.database.write(insert(2));
  CHECK(numbers(opened.database) == std::vector{1, 2});
}

TEST_CASE("the write-ahead log does not grow without end") {
  OpenedDatabase opened;
  for (int n = 0; n < 40; ++n)
    opened.database.write([n](Transaction& tx) {
      tx.run("INSERT INTO numbers VALUES (?, zeroblob(400000))", n);
      return Verdict::Keep;
    });
  CHECK(std::filesystem::file_size(opened.folder / "site.db-wal") < 8'000'000);
  CHECK(numbers(opened.database) == up_to(40));
}

TEST_CASE("opening reports how many migrations ran") {
  OpenedDatabase opened;
  CHECK(opened.database.migrate() == 1);
  CHECK(opened.database.migrate() == 0);
  CHECK(Database(opened.folder / "site.db", test::numbers_schema).migrate() == 0);
}

}  // namespace
}  // namespace actiond
