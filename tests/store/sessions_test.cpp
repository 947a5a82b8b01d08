#include "store/sessions.h"

#include <doctest/doctest.h>

#include "store/accounts.h"
#include "store/database.h"
#include "support.h"

namespace actiond {
namespace {

const Time now(std::chrono::seconds(1'700'000'000));
const std::chrono::seconds moment(1);

struct Rows {
  test::TemporaryFolder folder;
  Database database{folder / "site.db", site_migrations()};
  SessionRows sessions;
  std::int64_t ada = 0;

  Rows() {
    write([&](Transaction& tx) { ada = *add_account(tx, "ada@example.com", "Ada", "hash"); });
  }
  void write(const std::function<void(Transaction&)>& work) {
    database.write([&](Transaction& tx) {
      work(tx);
      return Verdict::Keep;
    });
  }
  SessionId start(Time expires) {
    const SessionId id = SessionId::make();
    write([&](Transaction& tx) { sessions.start(tx, id, ada, now, expires); });
    return id;
  }
  std::optional<Identity> find(const SessionId& id, Time at) {
    return sessions.find(database.reader(), id, at);
  }
  int count() { return std::get<0>(*database.reader().row<int>("SELECT count(*) FROM sessions")); }
};

TEST_CASE("a living session says whose it is, and what access they have") {
  Rows rows;
  const SessionId id = rows.start(now + moment);
  const auto identity = rows.find(id, now);
  REQUIRE(identity);
  CHECK(identity->user_id == rows.ada);
  CHECK(identity->email == "ada@example.com");
  CHECK(identity->name == "Ada");
  CHECK_FALSE(identity->access_until);
  rows.write([&](Transaction& tx) { set_access(tx, rows.ada, now); });
  CHECK(rows.find(id, now)->access_until == now);
}

TEST_CASE("a session ends at its moment") {
  Rows rows;
  const SessionId id = rows.start(now + moment);
  CHECK(rows.find(id, now));
  CHECK_FALSE(rows.find(id, now + moment));
  CHECK_FALSE(rows.find(id, now + 2 * moment));
}

TEST_CASE("an unknown session is nothing") {
  Rows rows;
  const SessionId id = rows.start(forever);
  CHECK_FALSE(rows.find(SessionId::make(), now));
  CHECK_FALSE(rows.find(SessionId{""}, now));
  CHECK_FALSE(rows.find(SessionId{id.bytes.substr(1)}, now));
}

TEST_CASE("ending a session keeps the user's others") {
  Rows rows;
  const SessionId one = rows.start(forever), other = rows.start(forever);
  rows.write([&](Transaction& tx) { rows.sessions.end(tx, one); });
  CHECK_FALSE(rows.find(one, now));
  CHECK(rows.find(other, now));
}

TEST_CASE("a session of a disabled user is nothing, even one that was not ended") {
  Rows rows;
  const SessionId id = rows.start(forever);
  rows.write([&](Transaction& tx) { tx.run("UPDATE users SET disabled_at = ?", now); });
  CHECK(rows.count() == 1);
  CHECK_FALSE(rows.find(id, now));
}

TEST_CASE("a session of a user who is gone is gone too") {
  Rows rows;
  rows.start(forever);
  rows.write([&](Transaction& tx) { tx.run("DELETE FROM users"); });
  CHECK(rows.count() == 0);
}

TEST_CASE("starting sessions sweeps expired ones away, and no living one") {
  Rows rows;
  for (int at = 0; at < 20; ++at) rows.start(now + moment);
  CHECK(rows.count() == 20);
  const SessionId living = SessionId::make();
  for (const SessionId& id : {living, SessionId::make(), SessionId::make()})
    rows.write(
        [&](Transaction& tx) { rows.sessions.start(tx, id, rows.ada, now + moment, forever); });
  CHECK(rows.count() == 3);
  CHECK(rows.find(living, now + moment));
}

}  // namespace
}  // namespace actiond
