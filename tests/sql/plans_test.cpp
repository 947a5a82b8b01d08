// Every statement of the program that any test ran: both engines take it, and neither reads a table
// that grows from end to end for it.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "postgres/dialect.h"
#include "site_under_test.h"
#include "sqlite/connection.h"
#include "statements.h"

namespace actiond::test {
namespace {

struct Excused {
  std::string_view what, why;
};

constexpr std::array small_tables{
    Excused{"hosts", "a row a pool"},
    Excused{"inbox_words_upto", "one row"},
    Excused{"migrations", "a row a file of sql/"},
    Excused{"stripe_fetches", "what Stripe is still to be asked"},
    Excused{"stripe_nights", "a row a night"},
    Excused{"stripe_sessions", "who was led to Stripe within the hour; the doctor counts them"},
};

// Beginnings of statements that read many rows.
constexpr std::array walks{
    Excused{"SELECT \"", "all that names a person, for the operator"},
    Excused{"DELETE FROM \"", "the same, when it goes"},
    Excused{"UPDATE \"", "the same"},
    Excused{"DELETE FROM audit WHERE at", "the oldest rows, by the table's own key"},
    Excused{"SELECT id FROM audit WHERE at <", "back from the newest, by the table's own key"},
    Excused{"SELECT id FROM subscriptions WHERE status", "compares all with Stripe's, each night"},
};

bool is_small(std::string_view table) {
  return std::ranges::count(small_tables, table, &Excused::what) > 0;
}

bool is_walk(std::string_view sql) {
  return std::ranges::any_of(walks,
                             [&](const Excused& walk) { return sql.starts_with(walk.what); });
}

// Of a step that ran before others, on tables that are none any more.
bool is_of_a_migration(std::string_view sql) {
  return std::ranges::any_of(library_migrations(), [&](const Migration& migration) {
    return migration.sql.find(sql) != sql.npos || migration.postgres.find(sql) != sql.npos;
  });
}

class Judged {
 public:
  // The program's, about some rows: what is of the schema and of FTS5 is each engine's own.
  bool has(std::string_view sql) const {
    constexpr std::array<std::string_view, 6> of_one{"pragma_", "sqlite_", "pg_",
                                                     "'main'.", "main.\"", "'merge'"};
    const auto stands = [&](std::string_view word) { return sql.find(word) != sql.npos; };
    const bool is_all = sql.starts_with("DELETE") && !stands(" WHERE ");
    return !std::ranges::any_of(of_one, stands) && !is_of_a_migration(sql) && !is_walk(sql) &&
           !is_all && program_.share_of(sql) >= tests_.share_of(sql);
  }

 private:
  const Sources program_{project_folder() / "src"};
  const Sources tests_{project_folder() / "tests"};
};

// The first table behind `words` in a plan that is not small; "": none.
std::string growing_table(std::string_view plan, std::string_view words) {
  for (std::size_t at; (at = plan.find(words)) != plan.npos;) {
    plan.remove_prefix(at + words.size());
    const std::string_view table = plan.substr(0, plan.find(' '));
    if (!is_small(table)) return std::string(table);
  }
  return "";
}

class SqlitePlans {
 public:
  SqlitePlans() {
    sqlite_engine(folder_ / "site.db", schema_of(tested_site()))->migrate();
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open((folder_ / "site.db").c_str(), &opened) == SQLITE_OK);
    db_.reset(opened);
  }

  void run(const char* sql) const {
    REQUIRE(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

  // The growing table that it reads from end to end; "": none.  Nothing: a test made its table.
  std::optional<std::string> table_read_whole(const std::string& sql) const {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v2(db_.get(), ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &made, nullptr);
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(made);
    const std::string_view said = sqlite3_errmsg(db_.get());
    if (said.starts_with("no such table")) return std::nullopt;
    CHECK_MESSAGE(statement, said);
    std::string plan;
    while (sqlite3_step(made) == SQLITE_ROW) {
      const std::string_view line = reinterpret_cast<const char*>(sqlite3_column_text(made, 3));
      if (line != "SCAN CONSTANT ROW" && line.find(" INDEX ") == line.npos)
        plan.append(line).append(" ");
    }
    return growing_table(plan, "SCAN ");
  }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  TemporaryFolder folder_;
  std::unique_ptr<sqlite3, Close> db_;
};

class PostgresPlans {
 public:
  PostgresPlans() {
    run(plan_of);
    // A plan for any values, which reads a table whole only where nothing else is left.
    db_.script("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off");
  }

  void run(std::string_view sql) {
    db_.begin("READ COMMITTED READ WRITE");
    db_.script(std::string(sql));
    db_.commit();
  }

  // The growing table that it reads from end to end; "": none.
  std::string table_read_whole(const std::string& sql, const std::string& types) {
    const auto plan = db_.row<std::string>("SELECT plan_of(?, ?)", sql, types);
    return growing_table(std::get<0>(*plan), "Seq Scan on ");
  }

 private:
  static constexpr std::string_view plan_of = R"(
    CREATE OR REPLACE FUNCTION plan_of(asked TEXT, types TEXT) RETURNS TEXT LANGUAGE plpgsql AS $$
    DECLARE
      places INT;
      line   TEXT;
      plan   TEXT := '';
    BEGIN
      EXECUTE 'PREPARE judged' || coalesce('(' || (
        SELECT string_agg(CASE type WHEN '0' THEN 'unknown' ELSE format_type(type::oid, NULL) END,
                          ',' ORDER BY place)
          FROM string_to_table(types, ',') WITH ORDINALITY AS each(type, place)) || ')', '') ||
        ' AS ' || asked;
      SELECT cardinality(parameter_types) INTO places
        FROM pg_prepared_statements WHERE name = 'judged';
      FOR line IN EXECUTE 'EXPLAIN EXECUTE judged' ||
        CASE places WHEN 0 THEN '' ELSE '(' || rtrim(repeat('NULL,', places), ',') || ')' END LOOP
        plan := plan || line || ' ';
      END LOOP;
      DEALLOCATE judged;
      RETURN plan;
    END $$)";

  PostgresDatabase database_{schema_of(tested_site())};
  PostgresConnection db_{database_.url(), std::chrono::seconds(60)};
};

TEST_CASE("SQLite finds the rows of every statement by an index") {
  if (is_on_postgres()) return;
  const SqlitePlans plans;
  const Judged judged;
  int plans_seen = 0;
  for (const auto& statement : recorded("sqlite")) {
    const std::string& sql = statement.first;
    if (!judged.has(sql)) continue;
    CAPTURE(sql);
    const auto table = plans.table_read_whole(sql);
    if (!table) continue;
    ++plans_seen;
    CHECK(*table == "");
  }
  CHECK(plans_seen > 150);
}

TEST_CASE("PostgreSQL takes every statement of both engines, and finds its rows by an index") {
  if (!is_on_postgres()) return;
  const Judged judged;
  const SqlitePlans on_sqlite;
  Statements statements;
  for (const auto& [sql, types] : recorded("sqlite"))
    if (judged.has(sql) && on_sqlite.table_read_whole(sql))
      statements.emplace(statement_for_postgres(sql), "");
  for (const auto& [sql, types] : recorded("postgres"))
    if (judged.has(as_written(sql))) statements.insert_or_assign(sql, types);
  PostgresPlans plans;
  for (const auto& statement : statements) {
    const std::string& sql = statement.first;
    CAPTURE(sql);
    std::string table;
    CHECK_NOTHROW(table = plans.table_read_whole(sql, statement.second));
    CHECK(table == "");
  }
  CHECK(statements.size() > 150);
}

TEST_CASE("rows that go with another one are found by an index") {
  const TemporaryFolder folder;
  sqlite_engine(folder / "site.db", schema_of(tested_site()))->migrate();
  Connection db(folder / "site.db", Connection::Use::Read);
  for (const auto& [table, column] : db.rows<std::string, std::string>(
           "SELECT t.name, f.\"from\" FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f "
           "WHERE t.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN "
           "pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = f.\"from\")"))
    FAIL_CHECK(table, ".", column);
}

TEST_CASE("a table that lacks an index is found") {
  const std::string sql = "DELETE FROM sessions WHERE user_id = ?";
  if (is_on_postgres()) {
    PostgresPlans plans;
    CHECK(plans.table_read_whole(statement_for_postgres(sql), "20") == "");
    plans.run("DROP INDEX sessions_by_user");
    CHECK(plans.table_read_whole(statement_for_postgres(sql), "20") == "sessions");
  } else {
    const SqlitePlans plans;
    CHECK(plans.table_read_whole(sql) == "");
    plans.run("DROP INDEX sessions_by_user");
    CHECK(plans.table_read_whole(sql) == "sessions");
  }
}

TEST_CASE("the tests ran every statement of the program, where they have both engines") {
  Statements ran;
  for (const auto& [sql, types] : recorded("postgres")) ran.emplace(as_written(sql), "");
  if (ran.empty() || is_on_postgres()) return;
  ran.merge(recorded("sqlite"));
  const Sources program(project_folder() / "src");
  const auto demo = project_folder() / "src" / "site";
  const std::set<std::string> of_demo =
      std::filesystem::exists(demo) ? Sources(demo).beginnings() : std::set<std::string>();
  for (const std::string& beginning : program.beginnings()) {
    // The latter are the doctor's, of no table.
    if (of_demo.contains(beginning) || beginning.starts_with("SELECT current_setting")) continue;
    const auto next = ran.lower_bound(beginning);
    CHECK_MESSAGE((next != ran.end() && next->first.starts_with(beginning)), beginning);
  }
}

}  // namespace
}  // namespace actiond::test
