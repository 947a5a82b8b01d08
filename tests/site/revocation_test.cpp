// Check, then act: what an operator does between the early check and the write counts.
#include <doctest/doctest.h>

#include "site_under_test.h"

namespace actiond {
namespace {

using test::SiteUnderTest;

struct Row {
  std::string what;
  void (*happens)(Transaction&, std::int64_t user_id);
  std::string action;
  test::Fields fields;
  int status;
};

void revoke(Transaction& tx, std::int64_t id) { set_access(tx, id, std::nullopt); }
void end_access_now(Transaction& tx, std::int64_t id) {
  set_access(tx, id, Time(std::chrono::seconds(1'800'000'000)));
}
void end_all_sessions(Transaction& tx, std::int64_t id) { end_sessions(tx, id); }
void disable(Transaction& tx, std::int64_t id) { disable_account(tx, id, Time()); }
void disable_only(Transaction& tx, std::int64_t id) {
  tx.run("UPDATE users SET disabled_at = 1 WHERE id = ?", id);
}
void change_password(Transaction& tx, std::int64_t id) { set_password_hash(tx, id, "another"); }

const std::vector<Row> rows{
    {"access revoked", revoke, "premium", {{"topic", "owls"}}, 402},
    {"access ended", end_access_now, "premium", {{"topic", "owls"}}, 402},
    {"session ended", end_all_sessions, "premium", {{"topic", "owls"}}, 401},
    {"session ended", end_all_sessions, "profile", {{"name", "New"}}, 401},
    {"account disabled", disable, "profile", {{"name", "New"}}, 401},
    {"account disabled, session left", disable_only, "profile", {{"name", "New"}}, 401},
    {"session ended", end_all_sessions, "sign-out", {}, 401},
    {"account disabled",
     disable,
     "sign-in",
     {{"email", "ada@example.com"}, {"password", "correct horse"}},
     422},
    {"password changed",
     change_password,
     "sign-in",
     {{"email", "ada@example.com"}, {"password", "correct horse"}},
     422},
};

// All that an action could have changed, without what differs from site to site: ids, salts,
// clocks.
std::string effects(SiteUnderTest& site) {
  const auto row = site.database.reader().row<std::string, int, int, int>(
      "SELECT (SELECT group_concat(email || name || website || ifnull(access_until, '-')) FROM "
      "users), "
      "(SELECT count(*) FROM sessions), (SELECT count(*) FROM reports), (SELECT count(*) FROM "
      "feedback)");
  const auto& [users, sessions, reports, feedback] = *row;
  return users + " " + std::to_string(sessions) + " " + std::to_string(reports) + " " +
         std::to_string(feedback);
}

TEST_CASE("what is revoked between the check and the write has no effect") {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CAPTURE(row.action);
    SiteUnderTest site;
    const std::string cookie = site.sign_up("ada@example.com");
    site.grant("ada@example.com", forever);
    std::string right_after;
    site.store.just_before_write = [&](Transaction& tx) {
      row.happens(tx, find_account(tx, "ada@example.com")->id);
    };
    site.store.just_after_it = [&] { right_after = effects(site); };
    const Response response = site.post(row.action, row.fields, cookie);
    CHECK(response.status() == row.status);
    CHECK(test::header(response, "Set-Cookie") == "");
    REQUIRE(right_after != "");
    CHECK(effects(site) == right_after);
  }
}

TEST_CASE("what is revoked counts at the very next request with the same cookie") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  CHECK(site.post("premium", {{"topic", "owls"}}, cookie).status() == 200);
  site.grant("ada@example.com", std::nullopt);
  CHECK(site.post("premium", {{"topic", "owls"}}, cookie).status() == 402);
  site.grant("ada@example.com", site.now + std::chrono::seconds(1));
  CHECK(site.post("premium", {{"topic", "owls"}}, cookie).status() == 200);
}

TEST_CASE("access ends by itself when its time has come") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", site.now + std::chrono::hours(1));
  site.now += std::chrono::minutes(59);
  CHECK(site.post("premium", {{"topic", "owls"}}, cookie).status() == 200);
  site.now += std::chrono::minutes(1);
  CHECK(site.post("premium", {{"topic", "owls"}}, cookie).status() == 402);
}

}  // namespace
}  // namespace actiond
