// The engine on a real server: what meets there, what is cut, what nobody knows.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/program_name.h"
#include "eventually.h"
#include "skip.h"
#include "store/accounts.h"
#include "store/grants.h"
#include "store/sessions.h"
#include "store/sweep.h"
#include "support.h"
#include "test_engine.h"

namespace actiond {
namespace {

using test::PostgresDatabase;

constexpr std::string_view numbers_sql =
    "CREATE TABLE numbers (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, word TEXT UNIQUE) STRICT;"
    "CREATE TABLE others (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER)";
const std::array numbers_steps{Migration{1, "0001_numbers.sql", numbers_sql}};

struct Served {
  PostgresDatabase database{numbers_steps};
  std::unique_ptr<Engine> engine = postgres_engine(database.url(), numbers_steps);
  PostgresConnection aside{database.url(), std::chrono::seconds(10)};

  void write(const std::function<void(Transaction&)>& work) {
    engine->write([&](Transaction& tx) {
      work(tx);
      return Verdict::Keep;
    });
  }
  std::int64_t count(std::string_view table = "numbers") {
    return std::get<0>(
        *engine->reader().row<std::int64_t>(std::string("SELECT count(*) FROM ").append(table)));
  }
  void cut() { test::cut_others(aside); }
};

TEST_CASE("values come back as they went in") {
  Served served;
  const auto row =
      served.engine->reader()
          .row<std::int64_t, double, std::string, std::string, bool, std::optional<std::int64_t>,
               Date>("SELECT ?, ?, ?, ?, ? = 7, CAST(? AS BIGINT), ?", INT64_MIN, 0.1, "ä?",
                     Blob{std::string_view("\0\xFF", 2)}, 7, std::nullopt,
                     *date_from_rfc3339("2024-02-29"));
  REQUIRE(row);
  const auto& [number, real, text, blob, same, none, date] = *row;
  CHECK(number == INT64_MIN);
  CHECK(real == 0.1);
  CHECK(text == "ä?");
  CHECK(blob == std::string("\0\xFF", 2));
  CHECK(same);
  CHECK_FALSE(none);
  CHECK(date == *date_from_rfc3339("2024-02-29"));
  CHECK_THROWS_AS(served.engine->reader().row<std::string>("SELECT now()"), std::logic_error);
}

TEST_CASE("an insert tells its id, and a change how many rows") {
  Served served;
  served.write([](Transaction& tx) {
    CHECK(tx.run("INSERT INTO numbers (n) VALUES (?)", 7) == 1);
    CHECK(tx.run("INSERT INTO others (n) VALUES (?), (?)", 7, 8) == 2);
    CHECK(tx.run("INSERT INTO numbers (n) VALUES (?) returning id", 8) == 0);  // that is for `row`
    CHECK(tx.run("INSERT INTO Numbers (n) VALUES (?); -- why", 9) == 3);
    CHECK(tx.change("UPDATE numbers SET n = n + 1") == 3);
    CHECK(tx.change("DELETE FROM numbers WHERE n > ?", 100) == 0);
  });
  CHECK(served.count() == 3);
}

TEST_CASE("a work that throws or undoes leaves nothing, and what it added neither") {
  Served served;
  CHECK_THROWS_WITH_AS(served.engine->write([](Transaction& tx) -> Verdict {
    tx.add("INSERT INTO numbers (n) VALUES (1)");
    throw std::runtime_error("no");
  }),
                       "no", std::runtime_error);
  served.engine->write([](Transaction& tx) {
    tx.add("INSERT INTO numbers (n) VALUES (1)");
    return Verdict::Undo;
  });
  CHECK(served.count() == 0);
  served.write([](Transaction& tx) { tx.add("INSERT INTO numbers (n) VALUES (1)"); });
  CHECK(served.count() == 1);
}

TEST_CASE("an error that a work swallows, or that comes with the commit, is told all the same") {
  Served served;
  CHECK_THROWS_AS(served.write([](Transaction& tx) {
    try {
      tx.run("INSERT INTO numbers (n) VALUES (NULL)");
    } catch (const std::exception&) {
    }
    try {
      tx.run("INSERT INTO numbers (n) VALUES (1)");
    } catch (const std::exception&) {
    }
  }),
                  std::runtime_error);
  CHECK_THROWS_WITH_AS(
      served.write([](Transaction& tx) { tx.add("INSERT INTO numbers (n) VALUES (NULL)"); }),
      doctest::Contains("(23502) in: INSERT INTO numbers"), std::runtime_error);
  CHECK(served.count() == 0);
}

TEST_CASE("no statement of a handler controls the transaction, and no reader writes") {
  Served served;
  for (const std::string sql :
       {"COMMIT", "/* */ rollback", "BEGIN", "SAVEPOINT a", "SET search_path = x", "DO 'x'",
        "CREATE TABLE x (a INT)", "PREPARE TRANSACTION 'a'", ""}) {
    CAPTURE(sql);
    CHECK_THROWS_AS(served.write([&](Transaction& tx) { tx.run(sql); }), std::logic_error);
    CHECK_THROWS_AS(served.engine->reader().row<int>(sql), std::logic_error);
  }
  CHECK_THROWS_WITH_AS(
      served.engine->reader().row<int>("INSERT INTO numbers (n) VALUES (1) RETURNING 1"),
      doctest::Contains("read-only"), std::runtime_error);
  CHECK_THROWS_AS(served.engine->reader().row<int>("SELECT 1; DELETE FROM numbers"),
                  std::runtime_error);
}

TEST_CASE("counting, then inserting is safe: a hundred at once get ten places") {
  Served served;
  std::vector<std::jthread> threads;
  std::atomic<int> placed = 0, failed = 0;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&] {
      for (int at = 0; at < 16; ++at) try {
          bool has_place = false;
          served.engine->write([&](Transaction& tx) {
            has_place = std::get<0>(*tx.row<std::int64_t>("SELECT count(*) FROM numbers")) < 10;
            if (has_place) tx.run("INSERT INTO numbers (n) VALUES (1)");
            return has_place ? Verdict::Keep : Verdict::Undo;
          });
          if (has_place) ++placed;
        } catch (const std::exception&) {
          ++failed;
        }
    });
  threads.clear();
  CHECK(placed == 10);
  CHECK(failed == 0);
  CHECK(served.count() == 10);
}

TEST_CASE("two that insert the same key: the second one's own look-up finds it") {
  Served served;
  std::atomic<int> inserted = 0, found = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 6; ++thread)
    threads.emplace_back([&] {
      bool is_there = false;
      served.write([&](Transaction& tx) {
        is_there = tx.row<std::int64_t>("SELECT id FROM numbers WHERE word = 'one'").has_value();
        if (!is_there) tx.run("INSERT INTO numbers (n, word) VALUES (1, 'one')");
      });
      ++(is_there ? found : inserted);
    });
  threads.clear();
  CHECK(inserted == 1);
  CHECK(found == 5);
  CHECK_THROWS_WITH_AS(served.write([](Transaction& tx) {
    tx.run("INSERT INTO numbers (n, word) VALUES (1, 'one')");
  }),
                       doctest::Contains("23505"), std::runtime_error);
}

TEST_CASE("a connection that was cut costs a read or a work nothing") {
  Served served;
  served.write([](Transaction& tx) { tx.run("INSERT INTO numbers (n) VALUES (1)"); });
  served.cut();
  CHECK(served.count() == 1);
  served.cut();
  served.write([](Transaction& tx) { tx.run("INSERT INTO numbers (n) VALUES (2)"); });
  int runs = 0;
  served.write([&](Transaction& tx) {
    tx.run("INSERT INTO numbers (n) VALUES (3)");
    if (++runs == 1) served.cut();
    tx.run("INSERT INTO numbers (n) VALUES (4)");
  });
  CHECK(runs == 2);
  CHECK(served.count() == 4);
}

// Cuts the way between the engine and its server when COMMIT passes, before or behind it.
TEST_CASE("a commit whose answer does not come is asked for, and done once") {
  Served served;
  for (int round = 0; round < 30; ++round) {
    std::jthread cutter([&] { served.cut(); });
    served.write([&](Transaction& tx) { tx.run("INSERT INTO numbers (n) VALUES (?)", round); });
  }
  CHECK(served.count() == 30);
  CHECK(served.engine->reader().row<std::int64_t>("SELECT count(DISTINCT n) FROM numbers") ==
        std::tuple(30));
}

struct WithUploads {
  test::TemporaryFolder folder;
  UploadFolder uploads{folder / "uploads"};
  PostgresDatabase database{numbers_steps};
  std::unique_ptr<Engine> engine = postgres_engine(database.url(), numbers_steps, &uploads);
  PostgresConnection aside{database.url(), std::chrono::seconds(10)};

  File file(std::string_view bytes) {
    File made{"a.png", "image/png", bytes.size(), "", uploads.new_file()};
    made.bytes->append(bytes);
    made.bytes->sync();
    return made;
  }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder / "uploads"), {}));
  }
};

TEST_CASE("a work that runs again keeps its file under the name that it had") {
  WithUploads with;
  const File picture = with.file("bytes");
  int runs = 0;
  std::string name;
  with.engine->write([&](Transaction& tx) {
    name = tx.keep(picture);
    if (++runs == 1) test::cut_others(with.aside);
    tx.run("INSERT INTO numbers (n, word) VALUES (1, ?)", name);
    return Verdict::Keep;
  });
  CHECK(runs == 2);
  CHECK(with.count() == 1);
  CHECK(with.uploads.has(name));
  // On another host it is not there yet.
  with.uploads.remove(name);
  CHECK(with.engine->bring(name));
  CHECK(test::read_file(with.folder / "uploads" / name) == "bytes");
  CHECK_FALSE(with.engine->bring("AAAAAAAAAAAAAAAAAAAAAA.png"));
  CHECK_FALSE(with.engine->bring("../site.db"));
  with.engine->write([&](Transaction& tx) {
    tx.keep(with.file("undone"));
    return Verdict::Undo;
  });
  CHECK(with.count() == 1);
}

TEST_CASE("a file that another host discarded goes from this one's folder, and nothing else does") {
  WithUploads with;
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
  std::string name;
  with.engine->write([&](Transaction& tx) {
    name = tx.keep(with.file("kept"));
    return Verdict::Keep;
  });
  for (const std::string& other :
       {name, std::string("AAAAAAAAAAAAAAAAAAAAAA.png"), std::string("README")}) {
    if (other != name) test::write_file(with.folder / "uploads" / other, "x");
    std::filesystem::last_write_time(with.folder / "uploads" / other, old);
  }
  test::write_file(with.folder / "uploads/BBBBBBBBBBBBBBBBBBBBBB.png", "not committed yet");
  with.engine->tidy();
  CHECK(with.uploads.has(name));
  CHECK(with.uploads.has("README"));
  CHECK(with.uploads.has("BBBBBBBBBBBBBBBBBBBBBB.png"));
  CHECK_FALSE(with.uploads.has("AAAAAAAAAAAAAAAAAAAAAA.png"));
}

TEST_CASE(
    "a snapshot sees one moment, writes nothing, and runs again where its connection was cut") {
  Served served;
  served.write([](Transaction& tx) { tx.run("INSERT INTO numbers (n) VALUES (1)"); });
  served.cut();
  int runs = 0;
  served.engine->snapshot([&](Reader& db) {
    ++runs;
    const auto before = db.row<std::int64_t>("SELECT count(*) FROM numbers");
    served.write([](Transaction& tx) { tx.run("INSERT INTO numbers (n) VALUES (2)"); });
    CHECK(before == std::tuple(1));
    CHECK(db.row<std::int64_t>("SELECT count(*) FROM numbers") == std::tuple(1));
    CHECK(db.holding_account() == "");
  });
  CHECK(runs == 2);
  CHECK_THROWS_AS(
      served.engine->snapshot([](Reader& db) { db.row<int>("DELETE FROM numbers RETURNING 1"); }),
      std::runtime_error);
  CHECK(served.count() == 2);
}

TEST_CASE("of several hosts one that hangs costs its share of the time") {
  // It listens and says nothing.
  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(listening, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(listening, 1) == 0);
  socklen_t size = sizeof address;
  getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  Served served;
  std::string url = served.database.url();
  const std::size_t host = url.find("host=");
  url.insert(host + 5, "127.0.0.1,");
  url += "&port=" + std::to_string(ntohs(address.sin_port)) + ",5432";
  CHECK(hosts_of(url).size() == 2);
  CHECK(is_over_network(url));
  const auto engine = postgres_engine(url, numbers_steps);
  CHECK(engine->reader().row<int>("SELECT 1") == std::tuple(1));
  close(listening);
}

TEST_CASE("both engines have the same tables and columns") {
  const test::TemporaryFolder folder;
  sqlite_engine(folder / "site.db", library_migrations())->migrate();
  std::map<std::string, std::set<std::string>> in_sqlite, in_postgres;
  for (const SqliteTable& table : sqlite_tables(folder / "site.db"))
    in_sqlite[table.name] = {table.columns.begin(), table.columns.end()};
  const PostgresDatabase database(library_migrations());
  for (const auto& [table, column] :
       postgres_engine(database.url(), library_migrations())
           ->reader()
           .rows<std::string, std::string>(
               "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema "
               "= 'public' AND table_name NOT IN ('migrations', 'commit_ids', 'kept_files', "
               "'kept_pieces', 'inbox_index', 'inbox_words')"))
    in_postgres[table].insert(column);
  CHECK(in_sqlite.size() > 10);
  CHECK(in_postgres == in_sqlite);
}

TEST_CASE("what is missing from the schema is told, and nothing is migrated by itself") {
  Served served;
  std::vector<Migration> more(numbers_steps.begin(), numbers_steps.end());
  more.push_back(
      {2, "0002_more.sql", "-- contract\nCREATE TABLE more (id INTEGER PRIMARY KEY) STRICT"});
  const auto newer = postgres_engine(served.database.url(), more);
  CHECK_THROWS_WITH_AS(newer->reader(),
                       doctest::Contains(("0002_more.sql: run " + in_shell("migrate")).c_str()),
                       Unavailable);
  CHECK(newer->schema_state().missing == std::vector<std::string>{"0002_more.sql"});
  CHECK(newer->migrate() == 1);
  CHECK(newer->migrate() == 0);
  // It looks again once a second.
  CHECK(test::eventually([&] {
    try {
      return newer->reader().row<std::int64_t>("SELECT count(*) FROM more") == std::tuple(0);
    } catch (const Unavailable&) {
      return false;
    }
  }));
  CHECK_THROWS_WITH_AS(postgres_engine(served.database.url(), numbers_steps)->reader(),
                       doctest::Contains("install the newer program"), Unavailable);
  more[1] = {3, "0003_wrong.sql", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; SELECT 1/0"};
  more.insert(more.begin() + 1, {2, "0002_more.sql", ""});
  CHECK_THROWS_WITH_AS(postgres_engine(served.database.url(), more)->migrate(),
                       doctest::Contains("migration 0003_wrong.sql failed"), std::runtime_error);
  CHECK(served.engine->schema_state().newer != "");
  served.aside.begin("READ COMMITTED READ WRITE");
  served.aside.script("DROP TABLE more; DELETE FROM migrations WHERE name = '0002_more.sql'");
  served.aside.commit();
}

// A database of two users: one who makes tables, and one whom workers are.
struct TwoUsers {
  TwoUsers() {
    aside.script("SET default_transaction_read_only = off");
    for (const auto* user : {&owner, &worker}) aside.script("CREATE ROLE " + *user + " LOGIN");
    aside.script("CREATE DATABASE " + owner + " OWNER " + owner);
  }
  TwoUsers(const TwoUsers&) = delete;
  TwoUsers& operator=(const TwoUsers&) = delete;
  ~TwoUsers() {
    aside.script("DROP DATABASE " + owner + " WITH (FORCE)");
    for (const auto* user : {&owner, &worker}) aside.script("DROP ROLE " + *user);
  }

  std::string url_of(const std::string& user) const {
    std::string url = test::postgres_url();
    const std::string_view superuser = "user=postgres";
    url.replace(url.find(superuser), superuser.size(), "user=" + user);
    return url.insert(url.find('?'), owner);
  }

  const std::string owner = "owner_" + std::to_string(getpid()),
                    worker = "worker_" + std::to_string(getpid());
  PostgresConnection aside{test::postgres_url(), std::chrono::seconds(10)};
};

TEST_CASE("workers whose user makes no tables read and write rows, and no more") {
  const TwoUsers users;
  const std::string owner = users.url_of(users.owner), worker = users.url_of(users.worker);
  const Schema schema(library_migrations());
  CHECK_THROWS_AS(postgres_engine(worker, schema)->migrate(), std::exception);
  CHECK_THROWS_AS(migrate_as(worker, worker, schema), std::runtime_error);
  CHECK_THROWS_AS(migrate_as(owner, "postgresql:///x", schema), std::runtime_error);
  CHECK(migrate_as(owner, worker, schema) > 0);
  CHECK(migrate_as(owner, worker, schema) == 0);

  const auto engine = postgres_engine(worker, schema);
  const auto refuses = [&](const std::string& sql) {
    try {
      engine->write([&](Transaction& tx) {
        tx.run(sql);
        return Verdict::Keep;
      });
      return false;
    } catch (const std::exception&) {
      return true;
    }
  };
  for (const char* sql :
       {"CREATE TABLE more (n BIGINT)", "DROP TABLE users", "ALTER TABLE users ADD more BIGINT",
        "TRUNCATE audit", "DELETE FROM migrations", "ALTER TABLE audit DISABLE ROW LEVEL SECURITY",
        "DROP POLICY audit_old ON audit"})
    CHECK_MESSAGE(refuses(sql), sql);

  const Time now{std::chrono::seconds(2'000'000'000)};
  const auto changed = [&](std::string_view sql) {
    std::int64_t rows = -1;
    engine->write([&](Transaction& tx) {
      rows = tx.change(sql);
      return Verdict::Keep;
    });
    return rows;
  };
  CHECK(changed("INSERT INTO audit (at, request_id, action, outcome) VALUES "
                "(1, 'a', 'old', 'data'), (unixepoch(), 'b', 'young', 'data')") == 2);
  CHECK(changed("UPDATE audit SET action = 'other'") == 0);
  CHECK(changed("DELETE FROM audit WHERE action = 'young'") == 0);
  sweep(*engine, now);
  CHECK(engine->reader().rows<std::string>("SELECT action FROM audit") ==
        std::vector{std::tuple<std::string>("young")});
}

TEST_CASE("a server that is not there is Unavailable, and the reason names no password") {
  const auto nowhere = postgres_engine("postgresql://ada:secret@/x?host=/nowhere", numbers_steps);
  try {
    nowhere->reader();
    FAIL_CHECK("it opened");
  } catch (const Unavailable& error) {
    CHECK(std::string(error.what()).find("secret") == std::string::npos);
    CHECK(std::string(error.what()).find("/nowhere") != std::string::npos);
  }
  CHECK(shown_postgres("postgresql://ada:secret@db1,db2:5433/x?sslmode=require") ==
        "user=ada dbname=x host=db1,db2 port=,5433");
  CHECK(is_over_network("postgresql://db1/x"));
  CHECK(is_over_network("postgresql:///x?host=/run/db,10.0.0.2"));
  CHECK(is_over_network("postgresql:///x?hostaddr=127.0.0.1"));
  CHECK_FALSE(is_over_network("postgresql:///x?host=/run/db"));
  CHECK_FALSE(is_over_network("postgresql://%2Frun%2Fdb/x"));
  for (const std::string wrong : {"postgresql://a?b=c", "postgresql://u:pa%zz@h/db",
                                  "postgresql://u:p/w@h/db", "postgresql:///x?service=secret"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(shown_postgres(wrong), std::runtime_error);
  }
}

}  // namespace
}  // namespace actiond
