#include "store/accounts.h"

#include <doctest/doctest.h>

#include "store/sessions.h"
#include "store/tables.h"

namespace actiond {
namespace {

using test::now;

// A database with two accounts.
struct Accounts : test::Tables {
  std::int64_t ada = *add("ada@example.com");
  std::int64_t bob = *add("bob@example.com");

  std::optional<std::int64_t> add(std::string_view email) {
    std::optional<std::int64_t> id;
    write([&](Transaction& tx) { id = add_account(tx, email, "Somebody", "$argon2id$"); });
    return id;
  }
  std::optional<Account> find(std::string_view email) {
    return find_account(database.reader(), email);
  }
  std::int64_t sessions() {
    return std::get<0>(*database.reader().row<std::int64_t>("SELECT count(*) FROM sessions"));
  }
};

TEST_CASE("a new account keeps what was given, and is not disabled") {
  Accounts accounts;
  const auto ada = accounts.find("ada@example.com");
  REQUIRE(ada);
  CHECK(ada->id == accounts.ada);
  CHECK(ada->email == "ada@example.com");
  CHECK(ada->name == "Somebody");
  CHECK(ada->password_hash == "$argon2id$");
  CHECK_FALSE(ada->disabled_at);
}

TEST_CASE("an address is the same in any case of ASCII letters, and no further") {
  Accounts accounts;
  CHECK(accounts.find("ADA@Example.COM")->id == accounts.ada);
  for (const std::string email :
       {"", "ada@example.co", "ada@example.com ", "ada_example.com", "%", "a*@example.com"}) {
    CAPTURE(email);
    CHECK_FALSE(accounts.find(email));
  }
}

TEST_CASE("an address that is taken in any case is forbidden") {
  Accounts accounts;
  CHECK_FALSE(accounts.add("ada@example.com"));
  CHECK_FALSE(accounts.add("Ada@EXAMPLE.com"));
  CHECK(accounts.database.reader().row<int>("SELECT count(*) FROM users") == std::tuple(2));
}

TEST_CASE("S44 the id of a deleted account is never given again, however it was deleted") {
  Accounts accounts;
  accounts.write([](Transaction& tx) { tx.run("DELETE FROM users WHERE email LIKE 'bob%'"); });
  const std::int64_t carol = *accounts.add("carol@example.com");
  CHECK(carol > accounts.bob);
  accounts.write([carol](Transaction& tx) { delete_account(tx, carol); });
  CHECK_FALSE(accounts.find("carol@example.com"));
  CHECK(*accounts.add("dave@example.com") > carol);
  CHECK(accounts.find("ada@example.com")->id == accounts.ada);
}

TEST_CASE("S44 a deleted account takes its sessions and its files along") {
  test::TemporaryFolder folder;
  const UploadFolder uploads(folder / "uploads");
  const test::TestEngine engine(folder / "site.db", library_migrations(), &uploads);
  Engine& database = *engine;
  std::int64_t id = 0;
  database.write([&](Transaction& tx) {
    id = *add_account(tx, "ada@example.com", "Ada", "");
    File picture{"a.png", "image/png", 3, "", uploads.new_file()};
    picture.bytes->append("abc");
    tx.run("UPDATE users SET avatar = ? WHERE id = ?", tx.keep(picture), id);
    SessionRows(std::chrono::hours(1)).start(tx, SessionId::make(), id, now, now, "");
    return Verdict::Keep;
  });
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(folder / "uploads"), {});
  };
  REQUIRE(files() == 1);
  database.write([&](Transaction& tx) {
    delete_account(tx, id);
    return Verdict::Keep;
  });
  CHECK(files() == 0);
  CHECK(database.reader().row<int>("SELECT count(*) FROM sessions") == std::tuple(0));
}

TEST_CASE("a password is set for one account only") {
  Accounts accounts;
  accounts.write([&](Transaction& tx) { set_password_hash(tx, accounts.ada, "new"); });
  CHECK(accounts.find("ada@example.com")->password_hash == "new");
  CHECK(accounts.find("bob@example.com")->password_hash == "$argon2id$");
}

TEST_CASE("disabling an account ends its sessions and nobody else's") {
  Accounts accounts;
  const SessionRows rows;
  const SessionId one = SessionId::make(), two = SessionId::make(), other = SessionId::make();
  accounts.write([&](Transaction& tx) {
    rows.start(tx, one, accounts.ada, now, forever);
    rows.start(tx, two, accounts.ada, now, forever);
    rows.start(tx, other, accounts.bob, now, forever);
  });
  accounts.write([&](Transaction& tx) { disable_account(tx, accounts.ada, now); });
  CHECK(accounts.find("ada@example.com")->disabled_at == now);
  CHECK_FALSE(accounts.find("bob@example.com")->disabled_at);
  CHECK(accounts.sessions() == 1);
  CHECK(rows.find(accounts.database.reader(), other, now));
}

TEST_CASE("ending sessions reports how many there were") {
  Accounts accounts;
  const SessionRows rows;
  accounts.write([&](Transaction& tx) {
    for (int at = 0; at < 3; ++at) rows.start(tx, SessionId::make(), accounts.ada, now, forever);
    CHECK(end_sessions(tx, accounts.bob) == 0);
    CHECK(end_sessions(tx, accounts.ada) == 3);
  });
  CHECK(accounts.sessions() == 0);
}

}  // namespace
}  // namespace actiond
