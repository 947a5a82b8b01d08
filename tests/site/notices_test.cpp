// The owner of an account is told by mail of whoever begins to use it.
#include <doctest/doctest.h>

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

  Response sign_in(const std::string& cookie = "") {
    Request request = test::make_request(
        "POST", "/actions/sign-in",
        {{"accept", "application/json"},
         {"cookie", cookie},
         {"user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
         {"sec-fetch-site", "same-origin"},
         {"content-type", "application/x-www-form-urlencoded"}},
        test::urlencoded(ada));
    return site.send(std::move(request));
  }
  std::size_t told() { return waiting_mails(site, "new-sign-in").size(); }
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

}  // namespace
}  // namespace actiond
