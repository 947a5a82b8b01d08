// Signing up, in and out.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "site/ada.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using nlohmann::json;
using test::ada;
using test::changed_tables;
using test::SiteUnderTest;

TEST_CASE("signing up signs in") {
  SiteUnderTest site;
  const Response response = site.post(
      "sign-up", {{"email", "ada@example.com"}, {"password", "correct horse"}, {"name", "Ada"}});
  CHECK(response.status() == 200);
  const std::string cookie = test::header(response, "Set-Cookie");
  CHECK(cookie.starts_with("session=v1."));
  CHECK(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"));
  CHECK(json::parse(site.get("/actions/me", test::session_of(response)).body) ==
        json{{"user",
              {{"id", 1},
               {"email", "ada@example.com"},
               {"name", "Ada"},
               {"hasAccess", false},
               {"accessUntil", nullptr},
               {"permissions", nlohmann::json::array()}}}});
}

TEST_CASE("over https the cookie is secure and the plain one is not read") {
  SiteUnderTest site;
  Request request = test::make_request(
      "POST", "/actions/sign-up",
      {{"sec-fetch-site", "same-origin"}, {"content-type", "application/x-www-form-urlencoded"}},
      "email=a%40b.example&password=correct+horse&name=A");
  request.https = true;
  const std::string cookie = test::header(site.send(request), "Set-Cookie");
  CHECK(cookie.starts_with("__Host-session=v1."));
  CHECK(cookie.ends_with("; Secure"));
  const std::string value = cookie.substr(cookie.find('='), cookie.find(';') - cookie.find('='));
  CHECK_FALSE(site.is_signed_in("session" + value.substr(0, value.size() - 1)));
  CHECK(site.is_signed_in("session" + value));
  Request me = test::make_request("GET", "/actions/me", {{"cookie", "session" + value}});
  me.https = true;
  CHECK(json::parse(site.send(me).body)["user"] == nullptr);
}

TEST_CASE("me tells what access somebody has") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto me = [&] { return json::parse(site.get("/actions/me", cookie).body)["user"]; };
  site.grant("ada@example.com", from_rfc3339("2027-01-31"));
  CHECK(me()["hasAccess"] == true);
  CHECK(me()["accessUntil"] == "2027-01-31T23:59:59Z");
  site.grant("ada@example.com", forever);
  CHECK(me()["hasAccess"] == true);
  CHECK(me()["accessUntil"] == nullptr);
  CHECK(json::parse(site.get("/actions/me").body) == json{{"user", nullptr}});
}

TEST_CASE("me lists by name the permissions that hold now, each once") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto permissions = [&] {
    return json::parse(site.get("/actions/me", cookie).body)["user"]["permissions"].dump();
  };
  site.change([&](Transaction& tx) {
    const std::int64_t ada = find_account(tx, "ada@example.com")->id;
    give_grant(tx, ada, "paid", "operator", forever);
    give_grant(tx, ada, "paid", "stripe", forever);
    give_grant(tx, ada, "editor", "operator", site.now + std::chrono::hours(1));
    give_grant(tx, ada, "treasurer", "operator", site.now);
  });
  CHECK(permissions() == R"(["editor","paid"])");
  site.now += std::chrono::hours(1);
  CHECK(permissions() == R"(["paid"])");
}

TEST_CASE("an address that is taken, in any case, is reported and nobody is signed in") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  const Response response = site.post(
      "sign-up", {{"email", "ADA@example.com"}, {"password", "another horse"}, {"name", "Eve"}});
  CHECK(response.status() == 422);
  CHECK(json::parse(response.body)["errors"].contains("email"));
  CHECK(test::header(response, "Set-Cookie") == "");
  CHECK(changed_tables(before, site.all_rows()) == "attempts");
}

TEST_CASE("a password that is short, long or common is reported and never shown") {
  SiteUnderTest site;
  for (const std::string& password : {std::string("Zq7#k!x"), std::string(1025, 'q'),
                                      std::string("Zeppelin"), std::string("qwertyuiop")})
    for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
      CAPTURE(password);
      const Response response = site.post(
          "sign-up", {{"email", "a@b.example"}, {"password", password}, {"name", "A"}}, "", accept);
      CHECK(response.status() == 422);
      CHECK(response.body.find(password) == std::string::npos);
      CHECK(response.body.find("password") != std::string::npos);
      CHECK(response.record.reason.find(password) == std::string::npos);
    }
  CHECK(changed_tables({}, site.all_rows()) == "attempts");
}

TEST_CASE("signing in makes a new session, and the old one is dead") {
  SiteUnderTest site;
  const std::string old = site.sign_up("ada@example.com");
  const Response response = site.post("sign-in", ada, old);
  CHECK(response.status() == 200);
  const std::string fresh = test::session_of(response);
  CHECK(fresh != old);
  CHECK(site.is_signed_in(fresh));
  CHECK_FALSE(site.is_signed_in(old));
}

TEST_CASE("a session that somebody else planted is dead after signing in") {
  SiteUnderTest site;
  const std::string planted = site.sign_up("mallory@example.com");
  site.sign_up("ada@example.com");
  CHECK(site.is_signed_in(test::session_of(site.post("sign-in", ada, planted))));
  CHECK_FALSE(site.is_signed_in(planted));
}

TEST_CASE("signing in without a session keeps the user's others") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com");
  const std::string other = test::session_of(site.post("sign-in", ada));
  CHECK(site.is_signed_in(one));
  CHECK(site.is_signed_in(other));
}

TEST_CASE("signing out ends this session and no other, and its cookie is dropped") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com");
  const std::string other = test::session_of(site.post("sign-in", ada));
  const Response response = site.post("sign-out", {}, one);
  CHECK(response.status() == 200);
  CHECK(test::header(response, "Set-Cookie") ==
        "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  CHECK_FALSE(site.is_signed_in(one));
  CHECK(site.is_signed_in(other));
  CHECK(site.post("sign-out", {}, one).status() == 401);
}

TEST_CASE("a session ends after its thirty days") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  for (int day = 0; day < 29; ++day) {
    site.now += std::chrono::days(1);
    CHECK(site.is_signed_in(cookie));
    site.upkeep.run();
  }
  site.now += std::chrono::days(1) - std::chrono::seconds(1);
  CHECK(site.is_signed_in(cookie));
  site.now += std::chrono::seconds(1);
  CHECK_FALSE(site.is_signed_in(cookie));
}

TEST_CASE("who may not sign in learns nothing: the same bytes for every reason") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  site.sign_up("eve@example.com");
  site.change([&](Transaction& tx) {
    disable_account(tx, find_account(tx, "eve@example.com")->id, site.now);
  });
  const auto before = site.all_rows();
  for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
    CAPTURE(accept);
    site.now += attempt_window;
    const auto answer = [&](const char* email, const char* password) {
      const Response response =
          site.post("sign-in", {{"email", email}, {"password", password}}, "", accept);
      CHECK(response.status() == 422);
      // The page shows the address again: one of the same length for all.
      std::string body = response.body;
      if (const auto at = body.find(email); at != std::string::npos)
        body.replace(at, 15, "___@example.com");
      return body;
    };
    const std::string wrong_password = answer("ada@example.com", "wrong horse");
    CHECK(wrong_password.find("Email or password is wrong.") != std::string::npos);
    CHECK(answer("bob@example.com", "wrong horse") == wrong_password);
    CHECK(answer("eve@example.com", "correct horse") == wrong_password);
    CHECK(answer("eve@example.com", "wrong horse") == wrong_password);
  }
  CHECK(changed_tables(before, site.all_rows()) == "attempts");
}

TEST_CASE("signing in goes on to a page of this site and nowhere else") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  struct Row {
    std::string next;
    std::string location;
  };
  for (const Row& row :
       {Row{"", "/"}, Row{"/actions/author", "/actions/author"},
        Row{"%2Fdocs%2FIntro%2F", "/docs/Intro/"}, Row{"%2F%2Fe", "/"}, Row{"//e", "/"},
        Row{"/\\e", "/"}, Row{"/%09/e", "/"}, Row{"/\t/e", "/"}, Row{"https:e", "/"},
        Row{"https://e/", "/"}, Row{"javascript:alert(1)", "/"}, Row{"/%5Ce", "/"},
        Row{"/a\r\nX-Evil: 1", "/"}}) {
    CAPTURE(row.next);
    const Response response =
        site.post("sign-in", {ada[0], ada[1], {"next", row.next}}, "", "text/html");
    CHECK(response.status() == 303);
    CHECK(test::header(response, "Location") == row.location);
  }
}

TEST_CASE("an outdated hash is renewed at signing in") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  // "correct horse" with m=8 KiB, t=1.
  const std::string outdated =
      "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$t5QLzMlfSPLMezb1X/"
      "hRw1bKTTpryM1JhqBpLyqseOw";
  site.change([&](Transaction& tx) {
    set_password_hash(tx, find_account(tx, "ada@example.com")->id, outdated);
  });
  CHECK(site.post("sign-in", ada).status() == 200);
  const std::string renewed =
      find_account(site.database.reader(), "ada@example.com")->password_hash;
  CHECK_FALSE(is_outdated_hash(renewed));
  CHECK(site.hasher.verify("correct horse", renewed));
}

TEST_CASE("a doubled or forged session cookie is signed out") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  for (const std::string& wrong :
       {cookie + "; " + cookie, cookie + "x", cookie.substr(0, cookie.size() - 1),
        std::string("session="), cookie.substr(0, cookie.rfind('.') + 1)}) {
    CAPTURE(wrong);
    CHECK_FALSE(site.is_signed_in(wrong));
  }
}

}  // namespace
}  // namespace actiond
