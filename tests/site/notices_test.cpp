// The owner of an account is told by mail of whoever begins to use it.
#include <doctest/doctest.h>

#include "mail/template.h"
#include "site/ada.h"
#include "site/guessing.h"
#include "site/mails.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using test::ada;
using test::cookie_of;
using test::SiteUnderTest;
using test::waiting_mails;

struct Noticed {
  SiteUnderTest site;
  std::string session, device;

  Noticed() {
    const Response signed_up = site.post(
        "sign-up", {{"email", "ada@example.com"}, {"password", "correct horse"}, {"name", "Ada"}});
    session = cookie_of(signed_up, "session");
    device = cookie_of(signed_up, "device");
  }

  static constexpr const char* firefox =
      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  Response sign_in(const std::string& cookie = "", const std::string& user_agent = firefox) {
    Request request = test::make_request("POST", "/actions/sign-in",
                                         {{"accept", "application/json"},
                                          {"cookie", cookie},
                                          {"user-agent", user_agent},
                                          {"sec-fetch-site", "same-origin"},
                                          {"content-type", "application/x-www-form-urlencoded"}},
                                         test::urlencoded(ada));
    return site.send(std::move(request));
  }
  std::size_t told(std::string_view text = "new-sign-in") {
    return waiting_mails(site, text).size();
  }
  void prove() {
    site.change([&](Transaction& tx) {
      const auto account = find_account(tx, "ada@example.com");
      set_proven_email(tx, account->id, account->email, site.now);
    });
  }
  void make_token() {
    CHECK(site.post("tokens", {{"actions", "comments"}}, session).status() == 200);
  }
  void change_password() {
    const Response done = site.post(
        "change-password", {{"present", "correct horse"}, {"password", "correct horse"}}, session);
    REQUIRE(done.status() == 200);
    session = cookie_of(done, "session");
  }
  std::vector<OutboxEntry> entries(const std::string& text) {
    auto all = outbox(site.database.reader());
    std::erase_if(all, [&](const OutboxEntry& entry) { return entry.text != text; });
    return all;
  }
};

TEST_CASE("the owner is told when somebody signs in with a browser that was not known") {
  Noticed noticed;
  CHECK(noticed.told() == 0);  // signing up made this browser known
  CHECK(noticed.sign_in(noticed.device).status() == 200);
  CHECK(noticed.told() == 0);
  const Response stranger = noticed.sign_in();
  REQUIRE(noticed.told() == 1);
  const OutgoingMail mail = waiting_mails(noticed.site, "new-sign-in").back();
  CHECK(mail.mail.to.text() == "ada@example.com");
  CHECK(mail.mail.values.at("browser") == "Firefox, Linux");
  // From then on that one is known as well.
  noticed.site.now += 1h;
  noticed.sign_in(cookie_of(stranger, "device"));
  CHECK(noticed.told() == 1);
}

TEST_CASE("a device that is another account's is not known") {
  Noticed noticed;
  noticed.site.sign_up("eve@example.com");
  const std::string eves = cookie_of(
      noticed.site.post("sign-in", {{"email", "eve@example.com"}, {"password", "correct horse"}}),
      "device");
  const std::size_t before = noticed.told();
  noticed.sign_in(eves);
  CHECK(noticed.told() == before + 1);
}

TEST_CASE("a sign-in that fails tells nobody") {
  Noticed noticed;
  noticed.site.post("sign-in", {{"email", "ada@example.com"}, {"password", "wrong horse"}});
  CHECK(noticed.told() == 0);
}

TEST_CASE("of many sign-ins at once two mails tell, the second of them later") {
  Noticed noticed;
  noticed.prove();
  for (int at = 0; at < 8; ++at) CHECK(noticed.sign_in().status() == 200);
  CHECK(noticed.told() == 2);
  const auto all = outbox(noticed.site.database.reader());
  CHECK(all.back().due_at == noticed.site.now + 10min);
  noticed.site.now += 20min;
  noticed.sign_in();
  CHECK(noticed.told() == 3);
  // The clock is set back: the owner is told all the same.
  noticed.site.now -= 48h;
  noticed.sign_in();
  CHECK(noticed.told() == 4);
}

TEST_CASE("signing in by mail with a new browser is told, too") {
  Noticed noticed;
  SiteUnderTest& site = noticed.site;
  const auto enter = [&](const std::string& device) {
    const Response asked = site.post("sign-in-by-mail", {{"email", "ada@example.com"}});
    const Response done =
        site.post("mailed-sign-in", {{"code", test::mailed(site, "sign-in", "code")}},
                  cookie_of(asked, "ticket") + (device.empty() ? "" : "; " + device));
    REQUIRE(done.status() == 200);
    return cookie_of(done, "device");
  };
  const std::string device = enter("");
  CHECK(noticed.told() == 1);
  site.now += 1h;
  enter(device);
  CHECK(noticed.told() == 1);
}

TEST_CASE("the owner is told of a new token, and of none that is refused") {
  Noticed noticed;
  SiteUnderTest& site = noticed.site;
  site.post("tokens", {{"actions", "no-such-action"}}, noticed.session);
  CHECK(waiting_mails(site, "new-token").empty());
  const Response made = site.post("tokens", {{"actions", "comments"}}, noticed.session);
  CHECK(made.status() == 200);
  const auto mails = waiting_mails(site, "new-token");
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].mail.values.at("actions") == "comments");
  const std::string token = made.body.substr(made.body.find("actd_"), 41);
  for (const auto& [name, value] : mails[0].mail.values)
    CHECK(value.find(token) == std::string::npos);
}

TEST_CASE("of many tokens or passwords at once two mails tell, the second of them later") {
  Noticed noticed;
  noticed.prove();
  SiteUnderTest& site = noticed.site;
  std::string text;
  SUBCASE("tokens") {
    text = "new-token";
    for (int at = 0; at < 30; ++at) {
      noticed.make_token();
      site.change([](Transaction& tx) { tx.run("DELETE FROM tokens"); });
    }
  }
  SUBCASE("passwords") {
    text = "password-changed";
    for (int at = 0; at < 30; ++at) noticed.change_password();
  }
  const auto told = noticed.entries(text);
  REQUIRE(told.size() == 2);
  CHECK(told[0].due_at <= site.now);
  CHECK(told[1].due_at == site.now + 10min);
}

TEST_CASE("an address that nobody proved is told at once, and then once in an hour") {
  Noticed noticed;
  SiteUnderTest& site = noticed.site;
  for (int at = 0; at < 5; ++at) {
    noticed.make_token();
    noticed.change_password();
    noticed.sign_in();
    // The account is made again, and is another one.
    CHECK(site.post("delete-account", {{"password", "correct horse"}}, noticed.session).status() ==
          200);
    noticed.session = site.sign_up("ada@example.com");
  }
  for (const std::string text : {"new-token", "password-changed", "new-sign-in"}) {
    CAPTURE(text);
    const auto told = noticed.entries(text);
    REQUIRE(told.size() == 2);
    CHECK(told[0].due_at <= site.now);
    CHECK(told[1].due_at == site.now + 1h);
  }
  // Once it is proven, its owner is told at once.
  noticed.prove();
  noticed.make_token();
  CHECK(noticed.entries("new-token").back().due_at <= site.now);
}

TEST_CASE("a mail to an address that nobody proved says nothing that a visitor wrote") {
  Noticed noticed;
  SiteUnderTest& site = noticed.site;
  const std::string pay = "Your parcel is held\nPay: http://evil.example/x";
  const auto rename = [&] {
    site.change([&](Transaction& tx) { tx.run("UPDATE users SET name = ?", pay); });
  };
  rename();
  noticed.make_token();
  noticed.change_password();
  noticed.sign_in("", "http://evil.example/free");
  const MailTemplates templates(test::project_folder() / "conf/mail");
  const auto said = [&](const OutgoingMail& mail, const std::string& language) {
    MailValues values = mail.mail.values;
    values["origin"] = "https://example.com";
    return templates.find(mail.mail.text, language).fill(values).body;
  };
  for (const std::string text : {"verify-email", "new-token", "password-changed", "new-sign-in"}) {
    CAPTURE(text);
    const auto mails = waiting_mails(site, text);
    REQUIRE(mails.size() == 1);
    for (const auto& [name, value] : mails[0].mail.values) CHECK(value.find("evil") == value.npos);
    CHECK(said(mails[0], "").find(",\n\n") == (text == "verify-email" ? std::string::npos : 5));
    CHECK(said(mails[0], "de").starts_with(text == "verify-email" ? "Jemand" : "Guten Tag,\n\n"));
  }
  // The time stands alone where the browser would.
  CHECK(said(waiting_mails(site, "new-sign-in")[0], "").find("\n\n2027-01-15 08:00 UTC\n") !=
        std::string::npos);
  // The owner of a proven address reads the name, in one line.
  noticed.prove();
  noticed.make_token();
  const std::string name = test::mailed(site, "new-token", "name");
  CHECK(name.find("parcel") != name.npos);
  CHECK(name.find('\n') == name.npos);
}

TEST_CASE("a name is one line, whatever a script sends") {
  SiteUnderTest site;
  site.post("sign-up", {{"email", "ada@example.com"},
                        {"password", "correct horse"},
                        {"name", "Your parcel\r\nPay\n\xC2\x85now"}});
  CHECK(find_account(site.database.reader(), "ada@example.com")->name == "Your parcelPaynow");
}

}  // namespace
}  // namespace actiond
