#include "cli/past.h"

#include <doctest/doctest.h>

#include "store/accounts.h"
#include "store/tokens.h"
#include "support.h"
#include "test_engine.h"

namespace actiond {
namespace {

const Time today = *from_rfc3339("2027-01-31T12:00:00Z");

MadePast past_of(const Schema& schema, const std::function<void(Transaction&)>& before) {
  const test::TemporaryFolder folder;
  const auto engine = sqlite_engine(folder / "site.db", schema);
  MadePast made;
  engine->run([&](Transaction& tx) {
    before(tx);
    made = make_past(tx);
    CHECK_FALSE(tx.row<std::int64_t>("SELECT 1 FROM sessions"));
  });
  return made;
}

TEST_CASE("sessions and tokens of a backup are over, and mails wait for the operator") {
  const MadePast made = past_of(library_migrations(), [](Transaction& tx) {
    const std::int64_t ada = *add_account(tx, "ada@example.com", "Ada", "");
    tx.run("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
           Blob{"1"}, ada, today, today);
    for (const char* action : {"author", "order"})
      REQUIRE(make_token(tx, ada, {action}, today, today + token_life));
  });
  CHECK(made.ended_sessions == 1);
  CHECK(made.ended_tokens == 2);
  CHECK(made.parked_mails == 0);
}

TEST_CASE("a backup from before there were mails and tokens is made past as well") {
  const MadePast made = past_of(library_migrations().first(8), [](Transaction&) {});
  CHECK(made.ended_sessions == 0);
}

}  // namespace
}  // namespace actiond
