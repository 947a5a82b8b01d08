#include "store/grants.h"

#include <doctest/doctest.h>

#include "store/accounts.h"
#include "store/tables.h"

namespace actiond {
namespace {

using test::now;

struct Grants : test::Tables {
  std::int64_t ada = add("ada@example.com");
  std::int64_t bob = add("bob@example.com");

  std::int64_t add(std::string_view email) {
    std::int64_t id = 0;
    write([&](Transaction& tx) { id = *add_account(tx, email, "Somebody", ""); });
    return id;
  }
  void give(std::int64_t id, std::string_view name, std::string_view source, Time until) {
    write([&](Transaction& tx) { give_grant(tx, id, name, source, until); });
  }
  bool take(std::int64_t id, std::string_view name, std::string_view source) {
    bool taken = false;
    write([&](Transaction& tx) { taken = take_grant(tx, id, name, source); });
    return taken;
  }
  // "editor/operator paid/operator", in the order of the list.
  std::string list(std::int64_t id) {
    std::string all;
    for (const SourcedGrant& grant : list_grants(database.reader(), id))
      all += (all.empty() ? "" : " ") + grant.name + "/" + grant.source;
    return all;
  }
};

TEST_CASE("a grant belongs to one account, one name and one source") {
  Grants grants;
  grants.give(grants.ada, "paid", "operator", now);
  grants.give(grants.ada, "paid", "stripe", forever);
  grants.give(grants.ada, "editor", "operator", now);
  CHECK(grants.list(grants.ada) == "editor/operator paid/operator paid/stripe");
  CHECK(grants.list(grants.bob) == "");
  CHECK(grants.take(grants.ada, "paid", "operator"));
  CHECK(grants.list(grants.ada) == "editor/operator paid/stripe");
  CHECK_FALSE(grants.take(grants.ada, "paid", "operator"));
  CHECK_FALSE(grants.take(grants.bob, "paid", "stripe"));
  CHECK(grants.list(grants.ada) == "editor/operator paid/stripe");
}

TEST_CASE("a grant that is given again has the new end, be it earlier or later") {
  Grants grants;
  for (const Time until : {now, forever, now - std::chrono::seconds(1)}) {
    grants.give(grants.ada, "paid", "operator", until);
    const auto all = list_grants(grants.database.reader(), grants.ada);
    REQUIRE(all.size() == 1);
    CHECK(all[0].until == until);
    CHECK(all[0].given_at > now);
  }
}

TEST_CASE("a deleted account takes its grants along, and nobody else's") {
  Grants grants;
  grants.give(grants.ada, "paid", "operator", forever);
  grants.give(grants.bob, "paid", "operator", forever);
  grants.write([&](Transaction& tx) { delete_account(tx, grants.ada); });
  CHECK(grants.database.reader().rows<std::int64_t>("SELECT user_id FROM grants") ==
        std::vector{std::tuple(grants.bob)});
}

TEST_CASE("an account is blocked from a moment on, and its grants stay as they are given") {
  Grants grants;
  grants.give(grants.ada, "paid", "operator", forever);
  const auto blocked = [&](std::int64_t id) {
    return grants_blocked_at(grants.database.reader(), id);
  };
  grants.write([&](Transaction& tx) {
    CHECK_FALSE(unblock_grants(tx, grants.ada));
    CHECK(block_grants(tx, grants.ada, now));
    CHECK_FALSE(block_grants(tx, grants.ada, now + std::chrono::hours(1)));
    CHECK_FALSE(block_grants(tx, grants.ada + 100, now));
  });
  CHECK(blocked(grants.ada) == now);
  CHECK_FALSE(blocked(grants.bob));
  grants.give(grants.ada, "editor", "stripe", forever);
  CHECK(blocked(grants.ada) == now);
  CHECK(grants.list(grants.ada) == "editor/stripe paid/operator");
  grants.write([&](Transaction& tx) { CHECK(unblock_grants(tx, grants.ada)); });
  CHECK_FALSE(blocked(grants.ada));
}

TEST_CASE("only a name of lower case letters, digits, colons and hyphens is a grant's") {
  Grants grants;
  for (const std::string name : {"a", "0", "editor", "reports:read", "a-b", "a--", "a:", "9z"}) {
    CAPTURE(name);
    CHECK(is_grant_name(name));
    CHECK_NOTHROW(grants.give(grants.ada, name, "operator", now));
  }
  const std::string before = grants.list(grants.ada);
  for (const std::string name : {"", "-a", ":a", "Editor", "editoR", "a b", "a,b", "a.b", "a_b",
                                 "é", "a\n", " a", "a/b", "a]", "a^", "a["}) {
    CAPTURE(name);
    CHECK_FALSE(is_grant_name(name));
    CHECK_THROWS(grants.give(grants.ada, name, "operator", now));
  }
  CHECK(grants.list(grants.ada) == before);
}

}  // namespace
}  // namespace actiond
