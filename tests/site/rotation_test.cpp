// A new key signs, the old ones verify until they are dropped.
#include <doctest/doctest.h>

#include "site_under_test.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

// `actiond key new` and a restart.
void make_key(SiteUnderTest& site) {
  std::vector<Key> keys = site.keys.keys();
  keys.insert(keys.begin(), KeyRing::new_key());
  site.keys = KeyRing(std::move(keys));
}

// `actiond key drop` of the oldest, and a restart.
void drop_oldest_key(SiteUnderTest& site) {
  std::vector<Key> keys = site.keys.keys();
  keys.pop_back();
  site.keys = KeyRing(std::move(keys));
}

std::string signed_by(const std::string& cookie) {
  return cookie.substr(std::string("session=v1.").size(),
                       cookie.find('.', 11) - std::string("session=v1.").size());
}

TEST_CASE("a session signed by an old key is signed again when it is used, and lives as long") {
  SiteUnderTest site;
  const std::string old = site.sign_up("ada@example.com");
  CHECK(test::header(site.get("/actions/me", old), "Set-Cookie") == "");
  make_key(site);
  site.now += std::chrono::days(10);
  const auto before = site.all_rows();
  for (const std::string path : {"/actions/me", "/actions/author"}) {
    const Response response = site.get(path, old);
    CHECK(response.status() == 200);
    CHECK(test::header(response, "Set-Cookie")
              .ends_with("; Path=/; Max-Age=1728000; HttpOnly; SameSite=Lax"));
  }
  const std::string fresh = test::session_of(site.post("author", {{"name", "Ada"}}, old));
  CHECK(signed_by(fresh) == site.keys.signing().id);
  CHECK(signed_by(old) != signed_by(fresh));
  CHECK(changed_tables(before, site.all_rows()) == "audit users");
  CHECK(test::header(site.get("/actions/me", fresh), "Set-Cookie") == "");
  drop_oldest_key(site);
  CHECK(site.is_signed_in(fresh));
  CHECK_FALSE(site.is_signed_in(old));
}

TEST_CASE("only a session that lives is signed again") {
  SiteUnderTest site;
  const std::string old = site.sign_up("ada@example.com");
  make_key(site);
  site.change([](Transaction& tx) { end_sessions(tx, 1); });
  for (const std::string path : {"/actions/me", "/actions/author", "/actions/comments"})
    CHECK(test::header(site.get(path, old), "Set-Cookie") == "");
  CHECK(site.post("author", {{"name", "Eve"}}, old).status() == 401);
}

TEST_CASE("signing out with an old key's cookie drops it, and signing in makes a new session") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com");
  make_key(site);
  const std::string fresh = test::session_of(
      site.post("sign-in", {{"email", "ada@example.com"}, {"password", "correct horse"}}, one));
  CHECK(signed_by(fresh) == site.keys.signing().id);
  CHECK_FALSE(site.is_signed_in(one));
  make_key(site);
  CHECK(test::header(site.post("sign-out", {}, fresh), "Set-Cookie")
            .starts_with("session=; Path=/; Max-Age=0"));
}

TEST_CASE("a submission that comes again after a new key has no second effect") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  const test::Fields fields{{"topic", "owls"}, {"_once", "k"}};
  const Response first = site.post("order", fields, cookie);
  for (int rotation = 0; rotation < 2; ++rotation) {
    make_key(site);
    const auto before = site.all_rows();
    const Response again = site.post("order", fields, cookie);
    CHECK(again.body == first.body);
    CHECK(test::header(again, "Idempotent-Replayed") == "true");
    CHECK(changed_tables(before, site.all_rows()) == "");
  }
  CHECK(site.post("order", {{"topic", "bees"}, {"_once", "k"}}, cookie).status() == 200);
}

TEST_CASE("a script's key is still its own after a new key: the same is answered, another is 409") {
  SiteUnderTest site;
  const auto send = [&](const std::string& message) {
    return site.send(test::make_request("POST", "/actions/comments",
                                        {{"sec-fetch-site", "same-origin"},
                                         {"idempotency-key", "k"},
                                         {"content-type", "application/x-www-form-urlencoded"}},
                                        test::urlencoded({{"message", message}})));
  };
  CHECK(send("one").status() == 200);
  make_key(site);
  const auto before = site.all_rows();
  CHECK(test::header(send("one"), "Idempotent-Replayed") == "true");
  CHECK(send("two").status() == 409);
  CHECK(changed_tables(before, site.all_rows()) == "");
}

}  // namespace
}  // namespace actiond
