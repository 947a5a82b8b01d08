// A call to the disk that fails, at each place that writes: the database says once that it has
// failed, and writes no more.
#include <doctest/doctest.h>

#include "sqlite/failing_calls.h"
#include "sqlite/writers.h"
#include "support.h"

namespace actiond {
namespace {

using test::insert;
using test::numbers;

struct Failing {
  test::TemporaryFolder folder;
  int told = 0;
  Database database{folder / "site.db", test::numbers_schema};

  Failing() {
    database.when_failed([this] { ++told; });
  }
  ~Failing() {
    test::fail_sync(0);
    test::fail_write(0);
  }

  void check_failed() {
    CHECK(test::has_call_failed());
    CHECK(database.has_failed());
    CHECK(told == 1);
    CHECK_THROWS_AS(database.write(insert(9999)), Unavailable);
    CHECK(told == 1);
  }
};

// More frames than a checkpoint waits for, and more bytes than the cache holds.
Verdict insert_many(Transaction& tx) {
  for (int n = 0; n < 1200; ++n) tx.run("INSERT INTO numbers VALUES (?, randomblob(4000))", n);
  return Verdict::Keep;
}

TEST_CASE("a commit whose sync fails is told, and keeps nothing") {
  Failing failing;
  failing.database.write(insert(1));
  test::fail_sync(1);
  CHECK_THROWS_AS(failing.database.write(insert(2)), Unavailable);
  failing.check_failed();
  CHECK(numbers(failing.database) == std::vector{1});
}

TEST_CASE("a checkpoint whose sync fails is told, and keeps what was committed") {
  Failing failing;
  failing.database.open();
  test::fail_sync(2);  // the first is the commit's
  failing.database.write(insert_many);
  failing.check_failed();
  CHECK(numbers(failing.database).size() == 1200);
}

TEST_CASE("a sync of the folder of uploads that fails is told, and keeps neither file nor row") {
  const test::TemporaryFolder folder;
  const UploadFolder uploads(folder / "uploads");
  Database database(folder / "site.db", test::numbers_schema, &uploads);
  database.open();
  File file{.name = "x", .type = "image/png", .size = 1, .digest = "", .bytes = uploads.new_file()};
  file.bytes->append("x");
  test::fail_sync(1);
  CHECK_THROWS_AS(database.write([&](Transaction& tx) {
    tx.keep(file);
    return insert(1)(tx);
  }),
                  Unavailable);
  CHECK(test::has_call_failed());
  CHECK(database.has_failed());
  CHECK(numbers(database).empty());
  CHECK(std::filesystem::is_empty(folder / "uploads"));
}

TEST_CASE("an opening whose sync fails is told, and not tried again") {
  int failures = 0;
  for (int nth = 1;; ++nth) {
    CAPTURE(nth);
    Failing failing;
    test::fail_sync(nth);
    try {
      failing.database.open();
    } catch (const Unavailable&) {
    }
    if (!test::has_call_failed()) break;
    ++failures;
    failing.check_failed();
    CHECK_THROWS_AS(failing.database.open(), Unavailable);
  }
  CHECK(failures > 1);
}

TEST_CASE("a handler that catches what the disk threw does not hide it") {
  Failing failing;
  failing.database.open();
  test::fail_write(1);
  CHECK_THROWS_AS(failing.database.write([](Transaction& tx) {
    try {
      insert_many(tx);
    } catch (const Unavailable&) {
    }
    return Verdict::Undo;
  }),
                  Unavailable);
  failing.check_failed();
}

}  // namespace
}  // namespace actiond
