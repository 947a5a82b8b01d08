#include "store/audit.h"

#include <doctest/doctest.h>

#include "store/accounts.h"
#include "store/sweep.h"
#include "store/tables.h"

namespace actiond {
namespace {

using test::moment;
using test::now;

struct AuditTrail : test::Tables {
  AuditRows audit;
  std::int64_t ada = 0;

  AuditTrail() {
    write([&](Transaction& tx) { ada = *add_account(tx, "ada@example.com", "Ada", "hash"); });
  }
  void record(Time at, std::string_view request_id, std::optional<std::int64_t> user_id = {}) {
    write([&](Transaction& tx) { audit.record(tx, {at, request_id, "order", user_id, "data"}); });
  }
  // The request ids of the rows that are read, as "a b c".
  std::string read(Time since = Time(), std::optional<std::int64_t> user_id = {}) {
    std::string ids;
    read_audit(database.reader(), since, user_id, [&ids](const AuditedAction& row) {
      ids += (ids.empty() ? "" : " ") + row.request_id;
    });
    return ids;
  }
};

TEST_CASE("a row keeps who did what, when, under which request, and how it ended") {
  AuditTrail rows;
  rows.record(now, "r1", rows.ada);
  int count = 0;
  read_audit(rows.database.reader(), now, rows.ada, [&](const AuditedAction& row) {
    ++count;
    CHECK(row.at == now);
    CHECK(row.request_id == "r1");
    CHECK(row.action == "order");
    CHECK(row.user_id == rows.ada);
    CHECK(row.email == "ada@example.com");
    CHECK(row.outcome == "data");
  });
  CHECK(count == 1);
}

TEST_CASE("rows are kept for 400 days") {
  AuditTrail rows;
  rows.write([&rows](Transaction& tx) {
    for (int at = 0; at < 200; ++at)
      rows.audit.record(tx, {now, "old", "order", std::nullopt, "data"});
    rows.audit.record(tx, {now + moment, "kept", "order", std::nullopt, "data"});
  });
  sweep(rows.database, now + audited_for);
  const auto count = [&rows](std::string_view id) {
    return std::get<0>(*rows.database.reader().row<std::int64_t>(
        "SELECT count(*) FROM audit WHERE request_id = ?", id));
  };
  CHECK(count("old") == 0);
  CHECK(count("kept") == 1);
}

TEST_CASE("the rows of a time and of a user are found, oldest first") {
  AuditTrail rows;
  rows.record(now, "a", rows.ada);
  rows.record(now + moment, "b");
  rows.record(now + std::chrono::hours(48), "c", rows.ada);
  rows.record(now + std::chrono::hours(96), "d", rows.ada);
  CHECK(rows.read() == "a b c d");
  CHECK(rows.read(now) == "a b c d");
  CHECK(rows.read(now + moment) == "b c d");
  CHECK(rows.read(now + 2 * moment) == "c d");
  CHECK(rows.read(now + std::chrono::hours(96)) == "d");
  CHECK(rows.read(now + std::chrono::hours(97)) == "");
  CHECK(rows.read(Time(), rows.ada) == "a c d");
  CHECK(rows.read(now + moment, rows.ada) == "c d");
}

TEST_CASE("a clock that was set back by less than a day hides no row") {
  AuditTrail rows;
  rows.record(now, "a");
  rows.record(now - std::chrono::hours(23), "b");
  rows.record(now + moment, "c");
  CHECK(rows.read(now) == "a c");
}

TEST_CASE("a row outlives the account") {
  AuditTrail rows;
  rows.record(now, "a", rows.ada);
  rows.write([](Transaction& tx) { tx.run("DELETE FROM users"); });
  read_audit(rows.database.reader(), now, rows.ada, [&](const AuditedAction& row) {
    CHECK(row.user_id == rows.ada);
    CHECK_FALSE(row.email);
  });
  CHECK(rows.read(now, rows.ada) == "a");
}

TEST_CASE("more rows than are held at a time are all read, once") {
  AuditTrail rows;
  rows.write([&](Transaction& tx) {
    for (int at = 0; at < 2'500; ++at)
      rows.audit.record(tx, {now, std::to_string(at), "order", std::nullopt, "data"});
  });
  int count = 0;
  read_audit(rows.database.reader(), Time(), std::nullopt,
             [&](const AuditedAction& row) { CHECK(row.request_id == std::to_string(count++)); });
  CHECK(count == 2'500);
}

TEST_CASE("a transaction that is undone leaves no row") {
  AuditTrail rows;
  rows.database.write([&](Transaction& tx) {
    rows.audit.record(tx, {now, "a", "order", rows.ada, "data"});
    return Verdict::Undo;
  });
  CHECK(rows.read() == "");
}

}  // namespace
}  // namespace actiond
