// The ways back into an account: the mailed link, what it ends, and what nobody learns from it.
#include <doctest/doctest.h>

#include <algorithm>

#include "count_of.h"
#include "site/ada.h"
#include "site/guessing.h"
#include "site/mails.h"
#include "store/mail_links.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using test::ada;
using test::changed_tables;
using test::cookie_of;
using test::Fields;
using test::Guessing;
using test::mailed;
using test::SiteUnderTest;
using test::waiting_mails;

const std::string fresh_password = "battery staple";

// Asks for a link, and returns the token of the mail.
std::string ask_for_link(SiteUnderTest& site, const std::string& email = "ada@example.com") {
  REQUIRE(site.post("forgot-password", {{"email", email}}).status() == 200);
  const OutgoingMail mail = waiting_mails(site).back();
  CHECK(mail.mail.text == "reset-password");
  return mail.mail.values.at("token");
}

Response reset(SiteUnderTest& site, const std::string& token,
               const std::string& password = fresh_password, const std::string& cookie = "") {
  return site.post("reset-password", {{"token", token}, {"password", password}}, cookie);
}

bool opens(SiteUnderTest& site, const std::string& token) {
  const std::string page = site.get("/actions/reset-password?token=" + token, "", "text/html").body;
  const bool has_form = page.find("value=\"" + token + "\"") != std::string::npos;
  CHECK(has_form == (page.find("too old. <a") == std::string::npos));
  return has_form;
}

struct WaysBack {
  SiteUnderTest site;
  std::string cookie = site.sign_up("ada@example.com");
};

TEST_CASE("whoever forgot the password chooses another one by the mailed link") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string token = ask_for_link(site);
  const OutgoingMail mail = waiting_mails(site).back();
  CHECK(mail.mail.to.text() == "ada@example.com");
  CHECK(mail.mail.expires_at == site.now + 30min);
  CHECK(opens(site, token));

  const Response done = reset(site, token);
  CHECK(done.status() == 200);
  CHECK(done.body.find("\"/sign-in.html\"") != std::string::npos);
  CHECK(test::session_of(done).find("session=") == std::string::npos);
  CHECK_FALSE(site.is_signed_in(ada_has.cookie));
  CHECK(site.post("sign-in", ada).status() == 422);
  CHECK(
      site.post("sign-in", {{"email", "ada@example.com"}, {"password", fresh_password}}).status() ==
      200);
  const auto notices = waiting_mails(site, "password-changed");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].mail.to.text() == "ada@example.com");

  // Once.
  CHECK_FALSE(opens(site, token));
  const Response again = reset(site, token, "correct horse");
  CHECK(again.status() == 422);
  CHECK(again.body.find("\"token\"") != std::string::npos);
}

TEST_CASE("opening a link changes nothing, however often and by whatever method") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string token = ask_for_link(site);
  const auto before = site.all_rows();
  for (int at = 0; at < 100; ++at) CHECK(opens(site, token));
  site.send(test::make_request("HEAD", "/actions/reset-password?token=" + token, {}));
  CHECK(reset(site, token, "").status() == 422);
  CHECK(changed_tables(before, site.all_rows()) == "");
  CHECK(opens(site, token));
}

TEST_CASE("a link ends: with its time, a newer one, a new password, the account's end") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string older = ask_for_link(site), newer = ask_for_link(site, "ADA@example.com");
  CHECK_FALSE(opens(site, older));
  CHECK(reset(site, older).status() == 422);
  CHECK(opens(site, newer));

  SUBCASE("time") {
    site.now += 30min - 1s;
    CHECK(opens(site, newer));
    site.now += 1s;
  }
  SUBCASE("a new password") {
    CHECK(site.post("change-password",
                    {{"present", "correct horse"}, {"password", "purple monkeys"}}, ada_has.cookie)
              .status() == 200);
  }
  SUBCASE("the account is disabled") {
    site.change([&](Transaction& tx) {
      disable_account(tx, find_account(tx, "ada@example.com")->id, site.now);
    });
  }
  SUBCASE("the account is deleted") {
    CHECK(site.post("delete-account", {{"password", "correct horse"}}, ada_has.cookie).status() ==
          200);
  }
  SUBCASE("the account has another address") {
    site.change([](Transaction& tx) { tx.run("UPDATE users SET email = 'a@example.com'"); });
  }
  CHECK_FALSE(opens(site, newer));
  CHECK(reset(site, newer).status() == 422);
}

TEST_CASE("a link is for its account, whoever is signed in") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string eve = site.sign_up("eve@example.com");
  const std::string token = ask_for_link(site, "eve@example.com");
  CHECK(reset(site, token, fresh_password, ada_has.cookie).status() == 200);
  CHECK(site.post("sign-in", ada).status() == 200);
  CHECK_FALSE(site.is_signed_in(eve));
}

TEST_CASE("nobody learns whether an address has an account") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  site.sign_up("bo@example.com");
  site.change([&](Transaction& tx) {
    disable_account(tx, find_account(tx, "bo@example.com")->id, site.now);
  });
  std::vector<std::string> answers, changes;
  for (const std::string email : {"ada@example.com", "nobody@example.com", "bo@example.com"}) {
    const auto before = site.all_rows();
    for (const std::string accept : {"application/json", "text/html", "text/plain"}) {
      const Response response = site.post("forgot-password", {{"email", email}}, "", accept);
      std::string said = std::to_string(response.status()) + response.body;
      for (const auto& [name, value] : response.headers())
        if (name != "X-Request-Id") said += name + value;
      answers.push_back(said);
    }
    changes.push_back(changed_tables(before, site.all_rows()));
  }
  for (std::size_t at = 3; at < answers.size(); ++at) CHECK(answers[at] == answers[at % 3]);
  for (const std::string& changed : changes) CHECK(changed == "attempts mail_links outbox");
  // And nobody gets a mail but her.
  for (const OutgoingMail& mail : waiting_mails(site))
    if (mail.mail.text == "reset-password") CHECK(mail.mail.to.text() == "ada@example.com");
  const auto unsent = outbox(site.database.reader());
  CHECK(unsent.back().state == MailState::Dropped);
  CHECK(unsent.back().reason == "no account has this address");
}

TEST_CASE("tokens that were never mailed open nothing") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  site.post("forgot-password", {{"email", "nobody@example.com"}});
  ask_for_link(site);
  const auto hash =
      std::get<0>(*site.database.reader().row<std::string>("SELECT hash FROM mail_links LIMIT 1"));
  for (const std::string& token : {std::string("x"), std::string(64, 'A'), to_base64url(hash),
                                   std::string("'%20OR%201=1--")}) {
    CAPTURE(token);
    CHECK_FALSE(opens(site, token));
    CHECK(reset(site, token).status() == 422);
  }
  CHECK(site.get("/actions/reset-password?token=" + std::string(65, 'x')).status() == 422);
  CHECK(site.get("/actions/reset-password?token=%00").status() == 422);
  CHECK(site.is_signed_in(ada_has.cookie));
}

TEST_CASE("a password that is refused leaves the link as it was, and the page its form") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string token = ask_for_link(site);
  for (const std::string password : {"", "short", "password"}) {
    const Response response =
        site.post("reset-password", {{"token", token}, {"password", password}}, "", "text/html");
    CHECK(response.status() == 422);
    CHECK(response.body.find("value=\"" + token + "\"") != std::string::npos);
  }
  CHECK(reset(site, token).status() == 200);
}

TEST_CASE("three mails an hour go to an address, twenty from a network") {
  Guessing guessing;
  const auto ask = [&](const std::string& email, const std::string& address) {
    return guessing.post("forgot-password", {{"email", email}}, {.address = address});
  };
  for (int at = 0; at < 3; ++at) CHECK(ask("ada@example.com", test::office).status() == 200);
  const Response refused = ask("ada@example.com", "198.51.100.7");
  CHECK(refused.status() == 429);
  CHECK(guessing.wait(refused) == 3600);
  CHECK(ask("ADA@example.com", "198.51.100.7").status() == 429);
  for (int at = 3; at < 20; ++at)
    CHECK(ask("nobody" + std::to_string(at) + "@example.com", test::office).status() == 200);
  CHECK(ask("another@example.com", test::office).status() == 429);
  CHECK(ask("another@example.com", "198.51.100.7").status() == 200);
  // Signing in is counted apart.
  CHECK(guessing.sign_in("ada@example.com", test::right).status() == 200);
  guessing.site.now += 1h - 1s;
  CHECK(ask("ada@example.com", test::office).status() == 429);
  guessing.site.now += 1s;
  CHECK(ask("ada@example.com", test::office).status() == 200);
}

TEST_CASE("signing up counts as a mail to its address and from its network, and is never refused") {
  Guessing guessing;
  SiteUnderTest& site = guessing.site;
  const auto last = [&] { return outbox(site.database.reader()).back(); };
  for (int at = 0; at < 20; ++at)
    CHECK(guessing.sign_up("u" + std::to_string(at) + "@example.com").status() == 200);
  CHECK(last().state == MailState::Waiting);
  CHECK(guessing.sign_up("late@example.com").status() == 200);
  CHECK(last().recipient == "late@example.com");
  CHECK(last().state == MailState::Dropped);
  CHECK(last().reason == "too many mails to this address or from the network");
  CHECK(guessing.post("forgot-password", {{"email", "ada@example.com"}}, {}).status() == 429);
  CHECK(guessing.sign_up("far@example.com", {.address = "198.51.100.7"}).status() == 200);
  CHECK(last().state == MailState::Waiting);

  // One that is deleted and made again, from wherever.
  for (int at = 0; at < 4; ++at) {
    CAPTURE(at);
    const Guessing::Sender sender{.address = "203.0.113." + std::to_string(at)};
    const Response done = guessing.sign_up("victim@example.com", sender);
    CHECK(done.status() == 200);
    CHECK(last().state == (at < 3 ? MailState::Waiting : MailState::Dropped));
    CHECK(guessing
              .post("delete-account", {{"password", test::right}},
                    {.address = sender.address, .cookie = cookie_of(done, "session")})
              .status() == 200);
  }
  site.now += 1h;
  CHECK(guessing.sign_up("victim@example.com").status() == 200);
  CHECK(last().state == MailState::Waiting);
}

TEST_CASE("S25 the mailed link lets in whom a stranger's guesses keep out") {
  Guessing guessing;
  SiteUnderTest& site = guessing.site;
  const std::string thief = "203.0.113.9";
  guessing.guess("ada@example.com", {.address = thief});
  CHECK(guessing.sign_in("ada@example.com", test::right).status() == 429);
  const std::string token = ask_for_link(site);
  const Response done =
      guessing.post("reset-password", {{"token", token}, {"password", fresh_password}}, {});
  REQUIRE(done.status() == 200);
  const std::string device = cookie_of(done, "device");
  REQUIRE_FALSE(device.empty());
  guessing.guess("ada@example.com", {.address = thief});
  CHECK(guessing.sign_in("ada@example.com", fresh_password, {.cookie = device}).status() == 200);
}

TEST_CASE("a link that is mailed once more with the same key is the same one") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const Fields fields{{"email", "ada@example.com"}, {"_once", "once-and-no-more"}};
  CHECK(site.post("forgot-password", fields).status() == 200);
  CHECK(site.post("forgot-password", fields).status() == 200);
  CHECK(std::ranges::count(waiting_mails(site), "reset-password",
                           [](const OutgoingMail& mail) { return mail.mail.text; }) == 1);
}

bool is_proven(SiteUnderTest& site, const std::string& email) {
  return find_account(site.database.reader(), email)->email_proven_at.has_value();
}

TEST_CASE("an address is proven by its link in a browser of its account, and not by opening it") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string token = mailed(site, "verify-email", "token"),
                    eve = site.sign_up("eve@example.com");
  const std::string path = "/actions/verify-email?token=" + token;
  CHECK(site.get(path).status() == 401);
  for (int at = 0; at < 10; ++at)
    CHECK(site.get(path, ada_has.cookie, "text/html").body.find(token) != std::string::npos);
  CHECK(site.get(path, eve, "text/html").body.find(token) == std::string::npos);
  CHECK(site.post("verify-email", {{"token", token}}, eve).status() == 422);
  CHECK(site.post("verify-email", {{"token", token}}).status() == 401);
  CHECK_FALSE(is_proven(site, "ada@example.com"));

  CHECK(site.post("verify-email", {{"token", token}}, ada_has.cookie).status() == 200);
  CHECK(is_proven(site, "ada@example.com"));
  CHECK(site.post("verify-email", {{"token", token}}, ada_has.cookie).status() == 422);
  CHECK(waiting_mails(site).back().mail.text == "verify-email");  // nobody is told of a change
}

void prove(SiteUnderTest& site, const std::string& email) {
  site.change(
      [&](Transaction& tx) { set_proven_email(tx, find_account(tx, email)->id, email, site.now); });
}

TEST_CASE("another address is an account's when it is proven, and the former can take it back") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  prove(site, "ada@example.com");
  CHECK(site.post("change-email", {{"email", "new@example.com"}, {"password", "wrong horse"}},
                  ada_has.cookie)
            .status() == 422);
  CHECK(site.post("change-email", {{"email", "new@example.com"}, {"password", "correct horse"}},
                  ada_has.cookie)
            .status() == 200);
  CHECK(waiting_mails(site).back().mail.to.text() == "new@example.com");
  CHECK(find_account(site.database.reader(), "ada@example.com"));
  const std::string before_change = ask_for_link(site);
  const std::string token = mailed(site, "verify-email", "token");
  CHECK(site.post("verify-email", {{"token", token}}, ada_has.cookie).status() == 200);
  CHECK_FALSE(find_account(site.database.reader(), "ada@example.com"));
  CHECK(is_proven(site, "new@example.com"));
  CHECK(site.is_signed_in(ada_has.cookie));
  CHECK_FALSE(opens(site, before_change));

  const OutgoingMail told = waiting_mails(site).back();
  CHECK(told.mail.text == "email-changed");
  CHECK(told.mail.to.text() == "ada@example.com");
  const std::string undo = told.mail.values.at("token");
  const auto all = site.all_rows();
  for (int at = 0; at < 10; ++at) CHECK(opens(site, undo));
  CHECK(changed_tables(all, site.all_rows()).empty());
  SUBCASE("within seven days, with another password") {
    // A thief, who set a password as well.
    CHECK(site.post("change-password",
                    {{"present", "correct horse"}, {"password", "purple monkeys"}}, ada_has.cookie)
              .status() == 200);
    site.now += 7 * 24h - 1s;
    CHECK(reset(site, undo).status() == 200);
    CHECK(find_account(site.database.reader(), "ada@example.com"));
    CHECK_FALSE(find_account(site.database.reader(), "new@example.com"));
    CHECK_FALSE(site.is_signed_in(ada_has.cookie));
    CHECK(site.post("sign-in", ada).status() == 422);
    CHECK(waiting_mails(site).back().mail.to.text() == "ada@example.com");
    // So is the address that lost the account.
    std::string told;
    for (const OutboxEntry& entry : outbox(site.database.reader()))
      if (entry.text == "password-changed" && entry.due_at <= site.now)
        told += entry.recipient + " ";
    CHECK(told == "new@example.com new@example.com ada@example.com ");
    CHECK(reset(site, undo).status() == 422);
  }
  SUBCASE("and no longer") {
    site.now += 7 * 24h;
    CHECK(reset(site, undo).status() == 422);
    CHECK(find_account(site.database.reader(), "new@example.com"));
  }
}

TEST_CASE("a former address that was never proven gets nothing that opens the account") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  site.post("change-email", {{"email", "ada@example.org"}, {"password", "correct horse"}},
            ada_has.cookie);
  const std::size_t before = waiting_mails(site).size();
  CHECK(
      site.post("verify-email", {{"token", mailed(site, "verify-email", "token")}}, ada_has.cookie)
          .status() == 200);
  CHECK(is_proven(site, "ada@example.org"));
  CHECK(waiting_mails(site).size() == before);
  // From then on it is another way round.
  site.post("change-email", {{"email", "ada@example.net"}, {"password", "correct horse"}},
            ada_has.cookie);
  site.post("verify-email", {{"token", mailed(site, "verify-email", "token")}}, ada_has.cookie);
  CHECK(waiting_mails(site).back().mail.to.text() == "ada@example.org");
  CHECK(waiting_mails(site).back().mail.text == "email-changed");
}

TEST_CASE("nobody takes the address that another has proven, or learns of it") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  prove(site, "ada@example.com");
  const std::string eve = site.sign_up("eve@example.com");
  const auto ask = [&](const std::string& email) {
    return site.post("change-email", {{"email", email}, {"password", "correct horse"}}, eve);
  };
  CHECK(ask("free@example.com").body == ask("ada@example.com").body);
  CHECK(waiting_mails(site).back().mail.to.text() == "free@example.com");
  // It is taken while the link is on its way.
  const std::string token = mailed(site, "verify-email", "token");
  site.sign_up("free@example.com");
  prove(site, "free@example.com");
  CHECK(site.post("verify-email", {{"token", token}}, eve).status() == 422);
  CHECK(find_account(site.database.reader(), "eve@example.com"));
}

TEST_CASE("an account is deleted by its password, with its session and its kept rows") {
  WaysBack ada_has;
  SiteUnderTest& site = ada_has.site;
  const std::string eve = site.sign_up("eve@example.com");
  CHECK(site.post("reviews", {{"topic", "Oars"}, {"pages", "3"}}, ada_has.cookie).status() != 500);
  const auto before = site.all_rows();
  for (const std::string password : {"", "wrong horse"})
    CHECK(site.post("delete-account", {{"password", password}}, ada_has.cookie).status() == 422);
  CHECK(site.post("delete-account", {{"password", "correct horse"}}).status() == 401);
  CHECK(changed_tables(before, site.all_rows()) == "attempts");

  const Response done =
      site.post("delete-account", {{"password", "correct horse"}}, ada_has.cookie);
  CHECK(done.status() == 200);
  CHECK(test::session_of(done) == "session=");
  CHECK_FALSE(site.is_signed_in(ada_has.cookie));
  CHECK_FALSE(find_account(site.database.reader(), "ada@example.com"));
  CHECK(site.is_signed_in(eve));
  // The audit says that it was, and the address is free.
  CHECK(std::get<0>(*site.database.reader().row<std::int64_t>(
            "SELECT count(*) FROM audit WHERE action = 'delete-account'")) == 1);
  CHECK(site.is_signed_in(site.sign_up("ada@example.com")));
}

}  // namespace
}  // namespace actiond
