// An address that nobody proved reserves nothing: its owner takes the account that has it, and
// whoever made that is out.
#include <doctest/doctest.h>

#include "site/guessing.h"
#include "site/mails.h"

namespace actiond {
namespace {

using test::cookie_of;
using test::mailed;
using test::SiteUnderTest;
using test::waiting_mails;

const std::string stolen = "ada@example.com";
const std::string squatters = "squatter horse";

// A squatter has signed up with Ada's address, and made what would let them in again.
struct Squatted {
  SiteUnderTest site;
  std::string session, device, token;

  Squatted() {
    const Response signed_up =
        site.post("sign-up", {{"email", stolen}, {"password", squatters}, {"name", "Eve"}});
    session = cookie_of(signed_up, "session");
    device = cookie_of(signed_up, "device");
    const std::string made = site.post("tokens", {{"actions", "comments"}}, session).body;
    token = made.substr(made.find("actd_"), 41);
  }

  void prove(const std::string& email) {
    site.change([&](Transaction& tx) {
      set_proven_email(tx, find_account(tx, email)->id, email, site.now);
    });
  }
  int by_token() {
    return site
        .send(test::make_request("POST", "/actions/comments",
                                 {{"authorization", "Bearer " + token},
                                  {"content-type", "application/x-www-form-urlencoded"}},
                                 "message=x"))
        .status();
  }
  void require_squatter_is_out() {
    CHECK_FALSE(site.is_signed_in(session));
    CHECK(by_token() == 401);
    CHECK(site.post("sign-in", {{"email", stolen}, {"password", squatters}}).status() != 200);
    CHECK(site.get("/actions/tokens", session).status() == 401);
  }
  Response sign_in_by_mail(const std::string& cookie = "") {
    const Response asked = site.post("sign-in-by-mail", {{"email", stolen}}, cookie);
    return site.post("mailed-sign-in", {{"code", mailed(site, "sign-in", "code")}},
                     cookie_of(asked, "ticket"));
  }
};

TEST_CASE("whoever proves an address has its account, and the squatter nothing of it") {
  Squatted eve;
  SiteUnderTest& site = eve.site;
  CHECK(eve.by_token() == 200);
  const std::string former = mailed(site, "verify-email", "token");
  std::string ada;
  SUBCASE("by choosing a password") {
    site.post("forgot-password", {{"email", stolen}});
    CHECK(site.post("reset-password", {{"token", mailed(site, "reset-password", "token")},
                                       {"password", "correct horse"}})
              .status() == 200);
    ada =
        test::session_of(site.post("sign-in", {{"email", stolen}, {"password", "correct horse"}}));
  }
  SUBCASE("by signing in by mail") {
    ada = cookie_of(eve.sign_in_by_mail(), "session");
    CHECK(waiting_mails(site, "address-proven").size() == 1);
  }
  CHECK(site.is_signed_in(ada));
  eve.require_squatter_is_out();
  // Not even the link that signing up mailed.
  CHECK(site.post("verify-email", {{"token", former}}, ada).status() == 422);
  // The squatter's browser is known no more: its guesses count as anybody's.
  for (int at = 0; at < 10; ++at) {
    site.now += std::chrono::seconds(400);
    site.post("sign-in", {{"email", stolen}, {"password", "wrong horse"}}, eve.device);
  }
  CHECK(std::get<0>(*site.database.reader().row<std::int64_t>(
            "SELECT count(DISTINCT account) FROM attempts WHERE account IS NOT NULL AND owner = "
            "account")) >= 1);
}

TEST_CASE("of an account whose address was proven nothing ends by signing in by mail") {
  Squatted ada;
  ada.prove(stolen);
  CHECK(ada.sign_in_by_mail().status() == 200);
  CHECK(ada.site.is_signed_in(ada.session));
  CHECK(ada.by_token() == 200);
  CHECK(ada.site.post("sign-in", {{"email", stolen}, {"password", squatters}}).status() == 200);
  CHECK(waiting_mails(ada.site, "address-proven").empty());
}

TEST_CASE("an account moves to an address that another had without proof, and that one is closed") {
  Squatted eve;
  SiteUnderTest& site = eve.site;
  const std::string ada = site.sign_up("old@example.com");
  CHECK(
      site.post("change-email", {{"email", stolen}, {"password", "correct horse"}}, ada).status() ==
      200);
  const std::string token = mailed(site, "verify-email", "token");
  const std::string page = site.get("/actions/verify-email?token=" + token, ada, "text/html").body;
  CHECK(page.find("and is closed") != std::string::npos);
  CHECK(site.is_signed_in(eve.session));
  CHECK(site.post("verify-email", {{"token", token}}, ada).status() == 200);
  eve.require_squatter_is_out();
  CHECK(site.get("/actions/me", ada).body.find(stolen) != std::string::npos);
  // The squatter's account stays for the operator, under a name that no form takes.
  const auto closed = find_account(site.database.reader(), "former-1");
  REQUIRE(closed);
  CHECK(closed->disabled_at);
  CHECK(site.post("forgot-password", {{"email", "former-1"}}).status() == 422);
}

TEST_CASE("a thief cannot keep the former address by signing up with it") {
  Squatted ada;
  SiteUnderTest& site = ada.site;
  ada.prove(stolen);
  site.post("change-email", {{"email", "thief@example.com"}, {"password", squatters}}, ada.session);
  site.post("verify-email", {{"token", mailed(site, "verify-email", "token")}}, ada.session);
  const std::string undo = mailed(site, "email-changed", "token");
  const std::string squatter = site.sign_up(stolen);
  REQUIRE(site.is_signed_in(squatter));
  CHECK(site.post("reset-password", {{"token", undo}, {"password", "battery staple"}}).status() ==
        200);
  CHECK_FALSE(site.is_signed_in(squatter));
  CHECK(site.post("sign-in", {{"email", stolen}, {"password", "battery staple"}}).status() == 200);
}

TEST_CASE("nothing is told of who has proven an address") {
  Squatted eve;
  SiteUnderTest& site = eve.site;
  const std::string bo = site.sign_up("bo@example.com");
  const auto ask = [&](const std::string& email) {
    return site.post("change-email", {{"email", email}, {"password", "correct horse"}}, bo).body +
           site.post("sign-up", {{"email", email}, {"password", "correct horse"}, {"name", "A"}})
               .body.substr(0, 80);
  };
  const std::string unproven = ask(stolen);
  eve.prove(stolen);
  CHECK(ask(stolen) == unproven);
}

}  // namespace
}  // namespace actiond
