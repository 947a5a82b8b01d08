#include "sqlite/connection.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include "support.h"

namespace actiond {
namespace {

using namespace std::string_literals;
using Use = Connection::Use;

// A writer on a file of its own.
struct Opened {
  test::TemporaryFolder folder;
  Connection db{folder / "site.db", Use::Write};
};

int pragma(Connection& db, const std::string& name) {
  return std::get<0>(*db.row<int>("PRAGMA " + name));
}

enum class Seat { Window, Aisle };
constexpr auto names(Seat) {
  return std::to_array<Named<Seat>>({{"window", Seat::Window}, {"aisle", Seat::Aisle}});
}

TEST_CASE("values of every type come back as they went in") {
  Opened opened;
  Connection& db = opened.db;
  db.script("CREATE TABLE t (i INTEGER, r REAL, x TEXT, b BLOB, n TEXT, at INTEGER) STRICT");
  const Time time(std::chrono::seconds(1'700'000'000));
  const std::string bytes = "\0\xFF\xC3"s;
  db.run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", std::int64_t{-9'000'000'000}, 1.5,
         "a\0b\xC3\xA9"s, Blob{bytes}, std::optional<std::string>(), time);
  const auto row =
      db.row<std::int64_t, double, std::string, std::string, std::optional<std::string>, Time>(
          "SELECT * FROM t");
  REQUIRE(row);
  CHECK(*row == std::tuple(std::int64_t{-9'000'000'000}, 1.5, "a\0b\xC3\xA9"s, bytes,
                           std::optional<std::string>(), time));
}

TEST_CASE("a date is its text in a row, and an enum its name") {
  Opened opened;
  Connection& db = opened.db;
  db.script("CREATE TABLE t (day TEXT NOT NULL, seat TEXT NOT NULL) STRICT");
  const Date leap_day = std::chrono::year(2024) / 2 / 29;
  db.run("INSERT INTO t VALUES (?, ?)", leap_day, Seat::Aisle);
  CHECK(db.row<std::string, std::string>("SELECT * FROM t") == std::tuple("2024-02-29"s, "aisle"s));
  CHECK(db.row<Date, Seat>("SELECT * FROM t WHERE day = ? AND seat = ?", leap_day, Seat::Aisle) ==
        std::tuple(leap_day, Seat::Aisle));
}

TEST_CASE("nothing is bound as NULL, whatever it might have been") {
  Opened opened;
  Connection& db = opened.db;
  const auto is_null = [&db](const auto& bound) {
    return db.row<bool>("SELECT ? IS NULL", bound) == std::tuple(true);
  };
  CHECK(is_null(std::nullopt));
  CHECK(is_null(std::optional<std::string>()));
  CHECK(is_null(std::optional<std::int64_t>()));
  CHECK(is_null(std::optional<int>()));
  CHECK(is_null(std::optional<bool>()));
  CHECK(is_null(std::optional<Date>()));
  CHECK(is_null(std::optional<Seat>()));
  CHECK_FALSE(is_null(""));
  CHECK_FALSE(is_null(std::optional(0)));
  CHECK_FALSE(is_null(std::optional(""s)));
  CHECK(db.row<std::optional<Date>, std::optional<Seat>>("SELECT NULL, NULL") ==
        std::tuple(std::optional<Date>(), std::optional<Seat>()));
  CHECK(
      db.row<std::optional<Date>, std::optional<Seat>>("SELECT '0000-02-29', 'window'") ==
      std::tuple(std::optional(Date(std::chrono::year(0) / 2 / 29)), std::optional(Seat::Window)));
}

TEST_CASE("a value that its type cannot hold is an error, not a wrap") {
  Opened opened;
  Connection& db = opened.db;
  CHECK(db.row<int>("SELECT -2147483648") == std::tuple(std::numeric_limits<int>::min()));
  for (const std::string number : {"2147483648", "-2147483649", "4294967297"})
    CHECK_THROWS_AS(db.row<int>("SELECT " + number), std::range_error);
  CHECK_THROWS_AS(db.row<unsigned>("SELECT -1"), std::range_error);
  CHECK_THROWS_AS(db.row<int>("SELECT ?", std::numeric_limits<std::uint64_t>::max()),
                  std::range_error);
  for (const std::string text : {"2023-02-29", "", "2024-2-29", "20240229"})
    CHECK_THROWS_AS(db.row<Date>("SELECT ?", text), std::runtime_error);
  CHECK_THROWS_AS(db.row<Seat>("SELECT 'Aisle'"), std::runtime_error);
  CHECK_THROWS_AS(db.row<Date>("SELECT NULL"), std::bad_variant_access);
  CHECK_THROWS_AS(db.row<Date>("SELECT ?", Date{}), std::logic_error);
  CHECK_THROWS_AS(db.row<Seat>("SELECT ?", static_cast<Seat>(2)), std::logic_error);
}

TEST_CASE("an empty text and an empty blob are no NULL") {
  Opened opened;
  opened.db.script("CREATE TABLE t (x TEXT NOT NULL, b BLOB NOT NULL) STRICT");
  opened.db.run("INSERT INTO t VALUES (?, ?)", std::string_view(), Blob{});
  CHECK(opened.db.row<std::string, std::string>("SELECT x, b FROM t") == std::tuple(""s, ""s));
}

TEST_CASE("an optional column keeps NULL and value apart") {
  Opened opened;
  CHECK(opened.db.row<std::optional<int>>("SELECT NULL") == std::tuple(std::optional<int>()));
  CHECK(opened.db.row<std::optional<int>>("SELECT 7") == std::tuple(std::optional<int>(7)));
  CHECK(opened.db.row<std::optional<Time>>("SELECT ?", std::optional<Time>(forever)) ==
        std::tuple(std::optional<Time>(forever)));
}

TEST_CASE("a column of another type than asked for is an error, not a guess") {
  Opened opened;
  CHECK_THROWS_AS(opened.db.row<std::int64_t>("SELECT 'x'"), std::bad_variant_access);
  CHECK_THROWS_AS(opened.db.row<std::string>("SELECT 1"), std::bad_variant_access);
  CHECK_THROWS_AS(opened.db.row<std::string>("SELECT NULL"), std::bad_variant_access);
  CHECK_THROWS_AS(opened.db.row<double>("SELECT 1"), std::bad_variant_access);
  CHECK_THROWS_AS(opened.db.row<int>("SELECT 1, 2"), std::logic_error);
}

TEST_CASE("rows come in order, none is nothing") {
  Opened opened;
  CHECK(opened.db.rows<int>("SELECT value FROM json_each('[3,1,2]')") ==
        std::vector{std::tuple(3), std::tuple(1), std::tuple(2)});
  CHECK(opened.db.rows<int>("SELECT 1 WHERE 0").empty());
  CHECK_FALSE(opened.db.row<int>("SELECT 1 WHERE 0"));
}

TEST_CASE("a value is never SQL") {
  Opened opened;
  opened.db.script("CREATE TABLE t (x TEXT NOT NULL) STRICT");
  for (const std::string& value :
       {"'); DROP TABLE t; --"s, "' OR '1'='1"s, "\"; --"s, "%_"s, "x'y"s}) {
    CAPTURE(value);
    opened.db.run("INSERT INTO t VALUES (?)", value);
    CHECK(opened.db.row<int>("SELECT count(*) FROM t WHERE x = ?", value) == std::tuple(1));
  }
}

TEST_CASE("a run reports the new row's id, a change how many rows") {
  Opened opened;
  opened.db.script("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT) STRICT");
  CHECK(opened.db.run("INSERT INTO t (x) VALUES (?)", "a") == 1);
  CHECK(opened.db.run("INSERT INTO t (x) VALUES (?)", "b") == 2);
  CHECK(opened.db.change("UPDATE t SET x = ?", "c") == 2);
  CHECK(opened.db.change("DELETE FROM t WHERE id = ?", 9) == 0);
}

TEST_CASE("a prepared statement forgets its values between uses") {
  Opened opened;
  opened.db.script("CREATE TABLE t (x TEXT UNIQUE) STRICT");
  const char* insert = "INSERT INTO t VALUES (?)";
  opened.db.run(insert, "a");
  CHECK_THROWS_AS(opened.db.run(insert, "a"), std::runtime_error);
  opened.db.run(insert, std::optional<std::string>());
  CHECK(opened.db.row<int>("SELECT count(*) FROM t WHERE x IS NULL") == std::tuple(1));
}

TEST_CASE("a statement that is wrong is our mistake, not unavailable data") {
  Opened opened;
  for (const std::string sql :
       {"SELEC 1", "SELECT * FROM nowhere", "SELECT 1; SELECT 2", "SELECT ?"}) {
    CAPTURE(sql);
    bool unavailable = false;
    try {
      opened.db.row<int>(sql);
      FAIL_CHECK("it ran");
    } catch (const Unavailable&) {
      unavailable = true;
    } catch (const std::exception&) {
    }
    CHECK_FALSE(unavailable);
  }
  CHECK_THROWS_AS(opened.db.row<int>("SELECT 1", 2), std::logic_error);
}

TEST_CASE("a constraint that fails is reported in SQLite's words and keeps the transaction") {
  Opened opened;
  opened.db.script("CREATE TABLE t (x TEXT NOT NULL) STRICT");
  opened.db.step("BEGIN IMMEDIATE");
  CHECK_THROWS_WITH_AS(opened.db.run("INSERT INTO t VALUES (?)", std::optional<std::string>()),
                       doctest::Contains("NOT NULL constraint failed: t.x"), std::runtime_error);
  CHECK(opened.db.in_transaction());
  opened.db.step("ROLLBACK");
  CHECK_FALSE(opened.db.in_transaction());
}

TEST_CASE(
    "S33 every connection is safe: synced, with foreign keys, defensive, without extensions") {
  Opened opened;
  Connection& db = opened.db;
  CHECK(pragma(db, "synchronous") == 2);
  CHECK(pragma(db, "foreign_keys") == 1);
  CHECK(pragma(db, "wal_autocheckpoint") == 0);
  CHECK(pragma(db, "trusted_schema") == 0);
  CHECK_THROWS(db.row<std::string>("SELECT load_extension('x')"));
  db.script("CREATE TABLE t (x TEXT)");
  db.script("PRAGMA writable_schema=ON");
  CHECK_THROWS(db.run("UPDATE sqlite_schema SET sql = 'x'"));
  CHECK_THROWS(db.row<std::string>("SELECT \"not a column\""));
}

TEST_CASE("a reader forbids every write") {
  Opened opened;
  opened.db.script("PRAGMA journal_mode=WAL; CREATE TABLE t (x TEXT)");
  Connection reader(opened.folder / "site.db", Use::Read);
  CHECK(reader.row<int>("SELECT count(*) FROM t") == std::tuple(0));
  for (const std::string sql :
       {"INSERT INTO t VALUES ('x')", "DELETE FROM t", "DROP TABLE t", "CREATE TABLE u (x TEXT)"}) {
    CAPTURE(sql);
    CHECK_THROWS(reader.run(sql));
  }
  CHECK(opened.db.row<int>("SELECT count(*) FROM t") == std::tuple(0));
}

TEST_CASE("a reader makes no file, a writer does") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(Connection(folder / "site.db", Use::Read), Unavailable);
  CHECK_FALSE(std::filesystem::exists(folder / "site.db"));
  Connection(folder / "site.db", Use::Write).script("CREATE TABLE t (x TEXT)");
  CHECK(std::filesystem::exists(folder / "site.db"));
}

TEST_CASE("a file that is no database is unavailable") {
  const test::TemporaryFolder folder;
  test::write_file(folder / "site.db", test::repeat("not a database. ", 512));
  const auto open = [&] {
    Connection(folder / "site.db", Use::Write).row<int>("SELECT count(*) FROM sqlite_schema");
  };
  CHECK_THROWS_AS(open(), Unavailable);
}

TEST_CASE("a folder in the database's place is unavailable") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "site.db");
  CHECK_THROWS_AS(Connection(folder / "site.db", Use::Write), Unavailable);
}

TEST_CASE("a checkpoint copies the log into the database, and closing does not") {
  Opened opened;
  const auto database = opened.folder / "site.db";
  opened.db.script("PRAGMA journal_mode=WAL");
  const auto size = std::filesystem::file_size(database);
  opened.db.script("CREATE TABLE t (x TEXT); INSERT INTO t VALUES (hex(zeroblob(50000)))");
  CHECK(opened.db.wal_frames() > 20);
  CHECK(std::filesystem::file_size(database) == size);
  { Connection(database, Use::Write).row<int>("SELECT count(*) FROM t"); }
  CHECK(std::filesystem::file_size(database) == size);
  opened.db.checkpoint();
  CHECK(std::filesystem::file_size(database) > size + 50'000);
}

}  // namespace
}  // namespace actiond
