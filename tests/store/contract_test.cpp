// Expand, then contract: two programs on one database.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "data/schema.h"
#include "store/hosts.h"
#include "support.h"
#include "test_engine.h"

namespace actiond {
namespace {

constexpr std::string_view notes_sql =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, former TEXT) STRICT";
const Migration expands{2, "0002_latter.sql", "ALTER TABLE notes ADD COLUMN latter TEXT"};
const Migration contracts{3, "0003_no_former.sql", "ALTER TABLE notes DROP COLUMN former"};

struct Club {
  // One that no other test gets, since its schema changes.
  explicit Club(const std::string& test)
      : sql_(std::string(notes_sql) + "; -- " + test), first_{1, "0001_notes.sql", sql_} {
    if (test::is_on_postgres()) server_.emplace(schema(1));
    program(1)->migrate();
  }

  Schema schema(std::size_t steps) const {
    const std::vector all{first_, expands, contracts};
    return {library_migrations(), std::span(all).first(steps), "club 1." + std::to_string(steps)};
  }
  // "club 1.N", which knows the first N.
  std::unique_ptr<Engine> program(std::size_t steps) const {
    return server_ ? postgres_engine(server_->url(), schema(steps))
                   : sqlite_engine(folder_ / "site.db", schema(steps));
  }
  std::string refusal(std::size_t steps) const {
    try {
      program(steps)->reader();
      return "";
    } catch (const Unavailable& why) {
      return why.what();
    }
  }
  // As the pool of club 1.N, beside the workers of before unless it `is_alone`.
  void serve(int steps, bool is_alone = true) const {
    const Time now{std::chrono::seconds(std::time(nullptr))};
    note_host(*program(static_cast<std::size_t>(steps)),
              {"web1",
               "/run/club.sock",
               "club 1." + std::to_string(steps),
               steps,
               library_migrations().back().number,
               steps,
               {},
               {},
               {}},
              is_alone, [now] { return now; });
  }
  std::string premature(std::size_t steps) const {
    return program(steps)->schema_state().premature;
  }
  void pass(std::chrono::seconds time, const std::string& program_name) const {
    program(2)->write([&](Transaction& tx) {
      tx.change("UPDATE hosts SET seen_at = seen_at - ? WHERE program = ?", time.count(),
                program_name);
      return Verdict::Keep;
    });
  }

 private:
  test::TemporaryFolder folder_;
  std::string sql_;
  Migration first_;
  std::optional<test::PostgresDatabase> server_;
};

TEST_CASE("a step that drops or renames contracts, unless its first line says otherwise") {
  const auto is = [](std::string_view sql) { return is_contracting({1, "0001_a.sql", sql}); };
  for (const char* sql : {"DROP TABLE a;", "-- why\ndrop\n  table a", "ALTER TABLE a DROP COLUMN b",
                          "ALTER TABLE a RENAME TO b", "ALTER TABLE a RENAME COLUMN b TO c",
                          "ALTER TABLE a\nRENAME\tTO b", "-- contract\nUPDATE a SET b = 1",
                          "-- contract: nobody reads b"})
    CHECK_MESSAGE(is(sql), sql);
  for (const char* sql :
       {"", "CREATE TABLE a (b TEXT)", "DROP INDEX a", "DROP TRIGGER a",
        "-- DROP TABLE a\nSELECT 1", "SELECT 1; -- RENAME it",
        "ALTER TABLE a ADD COLUMN renamed TEXT", "-- expand: the table is made anew\nDROP TABLE a",
        "SELECT 1\n-- contract"})
    CHECK_MESSAGE(!is(sql), sql);
}

TEST_CASE("an older program serves what was expanded, and refuses what was contracted") {
  const Club club("serves");
  CHECK(club.program(2)->migrate() == 1);
  CHECK(club.refusal(1) == "");
  CHECK(club.program(1)->schema_state().newer == "");
  CHECK(club.program(1)->schema_state().unknown.find("0002_latter.sql, which club 1.2 ran at ") !=
        std::string::npos);
  CHECK(club.program(3)->migrate() == 1);
  for (const std::size_t older : {1U, 2U}) {
    const std::string why = club.refusal(older);
    CHECK_MESSAGE(why.find("0003_no_former.sql, which club 1.3 ran at ") != std::string::npos, why);
    CHECK_MESSAGE(why.find("does not know it: install the newer program") != std::string::npos,
                  why);
  }
  CHECK(club.refusal(3) == "");
}

TEST_CASE("a contracting step waits until every pool that serves knows the step before it") {
  const Club club("waits");
  CHECK(club.premature(3) == "");  // nobody serves
  club.serve(1);
  const std::string why = club.premature(3);
  CHECK_MESSAGE(why.starts_with("the migration 0003_no_former.sql takes away what programs before "
                                "0002_latter.sql use, and web1 runs one, club 1.1, on "
                                "/run/club.sock (seen "),
                why);
  CHECK(club.premature(2) == "");
  CHECK(club.program(2)->migrate() == 1);
  CHECK(club.premature(3) != "");
  // While the pool reloads both serve.
  club.serve(2, false);
  CHECK(club.premature(3) != "");
  club.pass(host_gone_after + std::chrono::seconds(1), "club 1.1");
  CHECK(club.premature(3) == "");
  CHECK(club.program(3)->migrate() == 1);
  CHECK(club.premature(3) == "");
}

TEST_CASE("a contracting step runs as soon as no worker of before a reload is left") {
  const Club club("ended");
  club.serve(1);
  CHECK(club.program(2)->migrate() == 1);
  club.serve(2, false);
  CHECK(club.premature(3) != "");
  club.serve(2);
  CHECK(club.premature(3) == "");
}

}  // namespace
}  // namespace actiond
