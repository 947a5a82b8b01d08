#include "store/sessions.h"

#include <doctest/doctest.h>

#include "store/accounts.h"
#include "store/grants.h"
#include "store/sweep.h"
#include "store/tables.h"

namespace actiond {
namespace {

using test::moment;
using test::now;

struct StartedSessions : test::Tables {
  SessionRows sessions;
  std::int64_t ada = 0;

  StartedSessions() {
    write([&](Transaction& tx) { ada = *add_account(tx, "ada@example.com", "Ada", "hash"); });
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
  StartedSessions rows;
  const SessionId id = rows.start(now + moment);
  const auto identity = rows.find(id, now);
  REQUIRE(identity);
  CHECK(identity->user_id == rows.ada);
  CHECK(identity->email == "ada@example.com");
  CHECK(identity->name == "Ada");
  CHECK_FALSE(identity->access_until());
  rows.write([&](Transaction& tx) { give_grant(tx, rows.ada, "paid", "operator", now); });
  CHECK(rows.find(id, now)->access_until() == now);
}

TEST_CASE("a living session has every grant of its account, from all sources, and nobody else's") {
  StartedSessions rows;
  const SessionId id = rows.start(now + moment);
  CHECK(rows.find(id, now)->grants.empty());
  rows.write([&](Transaction& tx) {
    give_grant(tx, rows.ada, "editor", "operator", now + moment);
    give_grant(tx, rows.ada, "paid", "operator", now);
    give_grant(tx, rows.ada, "paid", "stripe", forever);
    give_grant(tx, *add_account(tx, "eve@example.com", "Eve", ""), "owner", "operator", forever);
  });
  auto identity = rows.find(id, now);
  REQUIRE(identity);
  CHECK(identity->email == "ada@example.com");
  CHECK(identity->name == "Ada");
  CHECK(identity->has("editor", now));
  CHECK_FALSE(identity->has("editor", now + moment));
  CHECK(identity->has_access(now));
  CHECK(identity->access_until() == forever);
  CHECK_FALSE(identity->has("owner", now));
  rows.write([&](Transaction& tx) { take_grant(tx, rows.ada, "paid", "stripe"); });
  identity = rows.find(id, now);
  CHECK_FALSE(identity->has_access(now));
  CHECK(identity->access_until() == now);
}

TEST_CASE("an account has a hundred sessions: one more ends the one that was used longest ago") {
  StartedSessions rows;
  std::int64_t eve = 0;
  rows.write([&](Transaction& tx) { eve = *add_account(tx, "eve@example.com", "Eve", "hash"); });
  const SessionId of_ada = rows.start(now + std::chrono::days(1));
  const auto start = [&](int at) {
    const SessionId id = SessionId::make();
    rows.write([&](Transaction& tx) {
      rows.sessions.start(tx, id, eve, now + at * moment, now + std::chrono::days(1));
    });
    return id;
  };
  std::vector<SessionId> ids;
  for (int at = 0; at < 100; ++at) ids.push_back(start(at));
  CHECK(rows.count() == 101);
  rows.write([&](Transaction& tx) { rows.sessions.touch(tx, ids[0], now + 200 * moment); });
  // As old as all others: it is the new one that stays.
  const SessionId late = start(0);
  CHECK(rows.count() == 101);
  const Time later = now + 201 * moment;
  CHECK(rows.find(late, later));
  CHECK(rows.find(ids[0], later));
  CHECK_FALSE(rows.find(ids[1], later));
  CHECK(rows.find(ids[2], later));
  CHECK(rows.find(of_ada, later));
}

TEST_CASE("a session ends at its moment") {
  StartedSessions rows;
  const SessionId id = rows.start(now + moment);
  CHECK(rows.find(id, now));
  CHECK_FALSE(rows.find(id, now + moment));
  CHECK_FALSE(rows.find(id, now + 2 * moment));
}

TEST_CASE("an unknown session is nothing") {
  StartedSessions rows;
  const SessionId id = rows.start(forever);
  CHECK_FALSE(rows.find(SessionId::make(), now));
  CHECK_FALSE(rows.find(SessionId{""}, now));
  CHECK_FALSE(rows.find(SessionId{id.bytes.substr(1)}, now));
}

TEST_CASE("ending a session keeps the user's others") {
  StartedSessions rows;
  const SessionId one = rows.start(forever), other = rows.start(forever);
  rows.write([&](Transaction& tx) { rows.sessions.end(tx, one); });
  CHECK_FALSE(rows.find(one, now));
  CHECK(rows.find(other, now));
}

TEST_CASE("a session of a disabled user is nothing, even one that was not ended") {
  StartedSessions rows;
  const SessionId id = rows.start(forever);
  rows.write([&](Transaction& tx) { tx.run("UPDATE users SET disabled_at = ?", now); });
  CHECK(rows.count() == 1);
  CHECK_FALSE(rows.find(id, now));
}

TEST_CASE("a session of a user who is gone is gone too") {
  StartedSessions rows;
  rows.start(forever);
  rows.write([&](Transaction& tx) { tx.run("DELETE FROM users"); });
  CHECK(rows.count() == 0);
}

TEST_CASE("expired sessions are swept away, and no living one") {
  StartedSessions rows;
  for (int at = 0; at < 20; ++at) rows.start(now + moment);
  CHECK(rows.count() == 20);
  const SessionId living = SessionId::make();
  rows.write(
      [&](Transaction& tx) { rows.sessions.start(tx, living, rows.ada, now + moment, forever); });
  sweep(rows.database, now + moment);
  CHECK(rows.count() == 1);
  CHECK(rows.find(living, now + moment));
}

const std::chrono::days day(1);

struct OnceUsed : StartedSessions {
  SessionRows idle_after_14_days{14 * day};
  SessionId id = SessionId::make();

  OnceUsed() {
    write([&](Transaction& tx) {
      idle_after_14_days.start(tx, id, ada, now, now + 30 * day, "Firefox, Linux");
    });
  }
  void touch(Time seen) {
    write([&](Transaction& tx) { idle_after_14_days.touch(tx, id, seen); });
  }
};

TEST_CASE("a session that nobody uses ends before its time") {
  OnceUsed rows;
  CHECK(rows.find(rows.id, now + 14 * day - moment));
  CHECK_FALSE(rows.find(rows.id, now + 14 * day));
}

TEST_CASE("a session that is used lives on, but not beyond its time") {
  OnceUsed rows;
  rows.touch(now + 10 * day);
  const auto identity = rows.find(rows.id, now + 24 * day - moment);
  REQUIRE(identity);
  CHECK(identity->seen_at == now + 10 * day);
  CHECK(identity->ends_at == now + 30 * day);
  CHECK(identity->asked_at == now + 24 * day - moment);
  CHECK_FALSE(rows.find(rows.id, now + 24 * day));
  rows.touch(now + 23 * day);
  CHECK(rows.find(rows.id, now + 30 * day - moment));
  CHECK_FALSE(rows.find(rows.id, now + 30 * day));
}

TEST_CASE("a session that ended is not used again, and what is told late takes nothing back") {
  OnceUsed rows;
  rows.touch(now + 10 * day);
  rows.touch(now + 5 * day);
  CHECK(rows.find(rows.id, now + 10 * day)->seen_at == now + 10 * day);
  rows.touch(now + 24 * day);
  CHECK_FALSE(rows.find(rows.id, now + 24 * day));
}

TEST_CASE("a session from before it was noted who uses it lives to its end, and then by the rule") {
  OnceUsed rows;
  const SessionId old = SessionId::make();
  rows.write([&](Transaction& tx) {
    tx.run("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
           Blob{old.bytes}, rows.ada, now, Time(now + 30 * day));
  });
  CHECK(rows.find(old, now + 29 * day)->ends_at == now + 30 * day);
  CHECK(rows.find(old, now)->seen_at == now);
  rows.write([&](Transaction& tx) { rows.idle_after_14_days.touch(tx, old, now + day); });
  CHECK_FALSE(rows.find(old, now + 15 * day));
  CHECK(rows.find(old, now + 2 * day)->ends_at == now + 30 * day);
}

TEST_CASE("a user's own sessions: this one first, then those used last, and no dead ones") {
  OnceUsed rows;
  const SessionId second = rows.start(now + 13 * day), third = rows.start(now + 13 * day),
                  dead = rows.start(now + moment);
  rows.write([&](Transaction& tx) {
    rows.sessions.touch(tx, third, now + day);
    const auto eve = *add_account(tx, "eve@example.com", "Eve", "hash");
    rows.sessions.start(tx, SessionId::make(), eve, now, now + 30 * day);
  });
  const auto own = own_sessions(rows.database.reader(), rows.ada, second, now + 2 * day);
  REQUIRE(own.size() == 3);
  CHECK(own[0].name == public_name(second));
  CHECK(own[0].is_this);
  CHECK(own[1].name == public_name(third));
  CHECK(own[1].seen_at == now + day);
  CHECK_FALSE(own[1].is_this);
  CHECK(own[2].name == public_name(rows.id));
  CHECK(own[2].browser == "Firefox, Linux");
  CHECK(own[2].made_at == now);
}

TEST_CASE("a user ends one of their own sessions by its name, and nobody else's") {
  OnceUsed rows;
  const SessionId mine = rows.start(forever);
  std::int64_t eve = 0;
  rows.write([&](Transaction& tx) { eve = *add_account(tx, "eve@example.com", "Eve", "hash"); });
  const auto end = [&](std::int64_t user, const std::string& name) {
    bool ended = false;
    rows.write([&](Transaction& tx) { ended = end_session_named(tx, user, name); });
    return ended;
  };
  CHECK_FALSE(end(eve, public_name(mine)));
  CHECK_FALSE(end(rows.ada, ""));
  CHECK(rows.count() == 2);
  CHECK(end(rows.ada, public_name(mine)));
  CHECK_FALSE(rows.find(mine, now));
  CHECK(rows.find(rows.id, now));
  rows.write([&](Transaction& tx) { end_other_sessions(tx, eve, mine); });
  CHECK(rows.count() == 1);
  const SessionId another = rows.start(forever);
  rows.write([&](Transaction& tx) { end_other_sessions(tx, rows.ada, another); });
  CHECK_FALSE(rows.find(rows.id, now));
  CHECK(rows.find(another, now));
}

}  // namespace
}  // namespace actiond
