// Signing in by a mailed link or its six digits: in the browser that asked, once, for a while.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/crypto.h"
#include "site/ada.h"
#include "site/guessing.h"
#include "site/mails.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using test::changed_tables;
using test::cookie_of;
using test::Fields;
using test::Guessing;
using test::mailed;
using test::SiteUnderTest;
using test::waiting_mails;

// A browser's ticket, and the mail that it asked for.
struct Asked {
  std::string ticket;  // as a cookie
  std::string token;
  std::string code;
};

struct MailedSite {
  SiteUnderTest site;

  MailedSite() {
    site.sign_up("ada@example.com");
    site.change([&](Transaction& tx) {
      set_proven_email(tx, find_account(tx, "ada@example.com")->id, "ada@example.com", site.now);
    });
  }

  Asked ask(const std::string& email = "ada@example.com", const std::string& next = "") {
    const Response asked = site.post("sign-in-by-mail", {{"email", email}, {"next", next}});
    REQUIRE(asked.status() == 200);
    if (waiting_mails(site, "sign-in").empty()) return {cookie_of(asked, "ticket"), "", ""};
    return {cookie_of(asked, "ticket"), mailed(site, "sign-in", "token"),
            mailed(site, "sign-in", "code")};
  }
  Response by_link(const std::string& token, const std::string& cookie) {
    return site.post("mailed-sign-in", {{"token", token}}, cookie);
  }
  Response by_code(const std::string& code, const std::string& cookie) {
    return site.post("mailed-sign-in", {{"code", code}}, cookie);
  }
  bool opens(const std::string& token, const std::string& cookie) {
    const std::string page =
        site.get("/actions/mailed-sign-in?token=" + token, cookie, "text/html").body;
    return page.find("value=\"" + token + "\"") != std::string::npos;
  }
  bool is_ada(const Response& done) {
    return site.get("/actions/me", test::session_of(done)).body.find("ada@example.com") !=
           std::string::npos;
  }
};

std::string wrong(const std::string& code) { return (code[0] == '9' ? "0" : "9") + code.substr(1); }

TEST_CASE("the browser that asked signs in by the link or by its digits, once") {
  MailedSite mailed_site;
  const Asked asked = mailed_site.ask();
  CHECK(asked.code.size() == 6);
  CHECK(mailed_site.opens(asked.token, asked.ticket));
  Response done(500);
  SUBCASE("link") { done = mailed_site.by_link(asked.token, asked.ticket); }
  SUBCASE("digits") { done = mailed_site.by_code(asked.code, asked.ticket); }
  SUBCASE("digits as people type them") {
    done = mailed_site.by_code(" " + asked.code.substr(0, 3) + " " + asked.code.substr(3),
                               asked.ticket);
  }
  CHECK(done.status() == 200);
  CHECK(mailed_site.is_ada(done));
  CHECK_FALSE(mailed_site.opens(asked.token, asked.ticket));
  CHECK(mailed_site.by_link(asked.token, asked.ticket).status() == 422);
  CHECK(mailed_site.by_code(asked.code, asked.ticket).status() == 422);
}

TEST_CASE("no other browser signs in, whatever it took from the mail") {
  MailedSite mailed_site;
  const Asked asked = mailed_site.ask();
  const std::string other = mailed_site.ask("nobody@example.com").ticket;
  const std::string value = asked.ticket.substr(asked.ticket.find('='));
  const std::vector<std::string> cookies{"",
                                         other,
                                         "ticket=x",
                                         "ticket" + value + "x",
                                         "device" + value,
                                         "__Host-ticket" + value,
                                         asked.ticket + "; " + other,
                                         mailed_site.site.sign_up("eve@example.com")};
  for (const std::string& cookie : cookies) {
    CAPTURE(cookie);
    CHECK_FALSE(mailed_site.opens(asked.token, cookie));
    CHECK(mailed_site.by_link(asked.token, cookie).status() == 422);
    CHECK(mailed_site.by_code(asked.code, cookie).status() == 422);
  }
  CHECK(mailed_site.is_ada(mailed_site.by_link(asked.token, asked.ticket)));
}

TEST_CASE("opening the link changes nothing, however often and by whatever method") {
  MailedSite mailed_site;
  SiteUnderTest& site = mailed_site.site;
  const Asked asked = mailed_site.ask();
  const auto before = site.all_rows();
  for (int at = 0; at < 100; ++at) CHECK(mailed_site.opens(asked.token, asked.ticket));
  const std::string path = "/actions/mailed-sign-in?token=" + asked.token;
  for (const std::string method : {"GET", "HEAD"}) {
    const Response shown = site.send(test::make_request(method, path, {{"cookie", asked.ticket}}));
    CHECK(test::header(shown, "Set-Cookie").empty());
  }
  CHECK(changed_tables(before, site.all_rows()).empty());
  CHECK(mailed_site.is_ada(mailed_site.by_link(asked.token, asked.ticket)));
}

TEST_CASE("a link to sign in by ends: by time, a newer one, another purpose, the account's end") {
  MailedSite mailed_site;
  SiteUnderTest& site = mailed_site.site;
  Asked asked = mailed_site.ask();
  SUBCASE("time") {
    site.now += 10min - 1s;
    CHECK(mailed_site.opens(asked.token, asked.ticket));
    site.now += 1s;
  }
  SUBCASE("a newer one") { mailed_site.ask("ADA@example.com"); }
  SUBCASE("the account is disabled") {
    site.change([&](Transaction& tx) {
      disable_account(tx, find_account(tx, "ada@example.com")->id, site.now);
    });
  }
  SUBCASE("the account is deleted") {
    site.change(
        [](Transaction& tx) { delete_account(tx, find_account(tx, "ada@example.com")->id); });
  }
  SUBCASE("the account has another address") {
    site.change([](Transaction& tx) { tx.run("UPDATE users SET email = 'a@example.com'"); });
  }
  SUBCASE("it was for another purpose") {
    site.post("forgot-password", {{"email", "ada@example.com"}});
    CHECK(site.post("reset-password", {{"token", asked.token}, {"password", "battery staple"}},
                    asked.ticket)
              .status() == 422);
    asked.token = mailed(site, "reset-password", "token");
    asked.code = wrong(asked.code);
  }
  CHECK_FALSE(mailed_site.opens(asked.token, asked.ticket));
  CHECK(mailed_site.by_link(asked.token, asked.ticket).status() == 422);
  CHECK(mailed_site.by_code(asked.code, asked.ticket).status() == 422);
}

TEST_CASE("S25 five wrong digits end a mail's digits, and no other mail's") {
  MailedSite mailed_site;
  const Asked asked = mailed_site.ask();
  for (int at = 0; at < 5; ++at)
    CHECK(mailed_site.by_code(wrong(asked.code), asked.ticket).status() == 422);
  CHECK(mailed_site.by_code(asked.code, asked.ticket).status() == 429);
  mailed_site.site.now += 10min - 1s;
  CHECK(mailed_site.by_code(asked.code, asked.ticket).status() == 429);
  CHECK(mailed_site.opens(asked.token, asked.ticket));
  const Asked newer = mailed_site.ask();
  CHECK(mailed_site.is_ada(mailed_site.by_code(newer.code, newer.ticket)));
}

TEST_CASE("S26 nobody learns by a mail to sign in whether an address has an account") {
  MailedSite mailed_site;
  SiteUnderTest& site = mailed_site.site;
  site.sign_up("bo@example.com");
  site.change([&](Transaction& tx) {
    disable_account(tx, find_account(tx, "bo@example.com")->id, site.now);
  });
  std::set<std::string> said, changed;
  for (const std::string email : {"ada@example.com", "nobody@example.com", "bo@example.com"}) {
    const auto before = site.all_rows();
    std::string all;
    std::string ticket;
    for (const std::string accept : {"application/json", "text/html"}) {
      const Response asked = site.post("sign-in-by-mail", {{"email", email}}, "", accept);
      ticket = cookie_of(asked, "ticket");
      all += std::to_string(asked.status()) + asked.body + test::header(asked, "Location");
    }
    for (int at = 0; at < 6; ++at) {
      const Response answer = mailed_site.by_code("nodigits", ticket);
      all += std::to_string(answer.status()) + answer.body.substr(0, answer.body.find("requestId"));
    }
    said.insert(all);
    changed.insert(changed_tables(before, site.all_rows()));
  }
  CHECK(said.size() == 1);
  CHECK(changed == std::set<std::string>{"attempts mail_links outbox"});
  CHECK(waiting_mails(site, "sign-in").size() == 2);
}

TEST_CASE("three mails to sign in by go to an address in an hour, and the answer says so") {
  Guessing guessing;
  const auto ask = [&](const std::string& email, const std::string& address) {
    return guessing.post("sign-in-by-mail", {{"email", email}}, {.address = address});
  };
  for (int at = 0; at < 3; ++at) CHECK(ask("ada@example.com", test::office).status() == 200);
  const Response refused = ask("ADA@example.com", "198.51.100.7");
  CHECK(refused.status() == 429);
  CHECK(refused.body.find("3 times an hour, and a network 20 times") != std::string::npos);
  CHECK(guessing.wait(refused) == 3600);
  for (int at = 3; at < 20; ++at)
    CHECK(ask("nobody" + std::to_string(at) + "@example.com", test::office).status() == 200);
  CHECK(ask("another@example.com", test::office).status() == 429);
}

TEST_CASE("S25 a mail signs in whom a stranger's guesses keep out, from the same network too") {
  Guessing guessing;
  guessing.guess("ada@example.com", {});
  CHECK(guessing.sign_in("ada@example.com", test::right).status() == 429);
  const Response asked = guessing.post("sign-in-by-mail", {{"email", "ada@example.com"}}, {});
  const std::string ticket = cookie_of(asked, "ticket");
  const Response done = guessing.post(
      "mailed-sign-in", {{"code", mailed(guessing.site, "sign-in", "code")}}, {.cookie = ticket});
  REQUIRE(done.status() == 200);
  // And the browser is known from now on.
  guessing.site.change([](Transaction& tx) {
    tx.run("UPDATE users SET password_hash = ?", unmatchable_hash() + test::right);
  });
  guessing.guess("ada@example.com", {.address = "203.0.113.9"});
  CHECK(guessing.sign_in("ada@example.com", test::right, {.cookie = cookie_of(done, "device")})
            .status() == 200);
}

TEST_CASE("the data tell neither link nor digits, nor by what the digits could be guessed") {
  MailedSite mailed_site;
  SiteUnderTest& site = mailed_site.site;
  const Asked asked = mailed_site.ask();
  const auto row = *site.database.reader().row<std::string, std::string, std::string>(
      "SELECT hash, ticket, code FROM mail_links WHERE purpose = 'sign_in'");
  std::set<std::string> guesses;
  for (int number = 0; number < 1'000'000; number += 1) {
    if (number % 100'000 != std::stoi(asked.code) % 100'000) continue;
    Sha256 hash;
    hash.add(fmt::format("{:06}", number));
    guesses.insert(std::move(hash).finish());
  }
  const auto& [hash, ticket, code] = row;
  CHECK(guesses.size() == 10);
  CHECK_FALSE(guesses.contains(code));
  for (const std::string& held : {hash, ticket, code}) CHECK(held.size() == 32);
  CHECK(site.all_rows().at("mail_links").find(asked.token) == std::string::npos);
}

TEST_CASE("signing in by mail leads to this site alone, and ends the session that was there") {
  MailedSite mailed_site;
  SiteUnderTest& site = mailed_site.site;
  const std::string eve = site.sign_up("eve@example.com");
  for (const auto& [next, to] : std::vector<std::pair<std::string, std::string>>{
           {"/order.html", "/order.html"}, {"https://evil.example", "/"}, {"//evil", "/"}}) {
    const Asked asked = mailed_site.ask("ada@example.com", next);
    const Response done = mailed_site.by_link(asked.token, asked.ticket + "; " + eve);
    CHECK(done.body.find("\"location\":\"" + to + "\"") != std::string::npos);
    CHECK_FALSE(site.is_signed_in(eve));
  }
}

TEST_CASE("a site that does not say so signs nobody in by mail") {
  Site plain = test::tested_site();
  plain.signs_in_by_mail = false;
  const Catalogue catalogue = catalogue_of(plain);
  CHECK(catalogue.find("sign-in-by-mail") == nullptr);
  CHECK(catalogue.find("mailed-sign-in") == nullptr);
}

}  // namespace
}  // namespace actiond
