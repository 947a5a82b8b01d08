// Where a visitor was on the way to when they had to sign in: the end of each way back in.
#include <doctest/doctest.h>

#include "access/token.h"
#include "site/guessing.h"
#include "site/mails.h"
#include "store/mail_links.h"

namespace actiond {
namespace {

using test::cookie_of;
using test::mailed;
using test::SiteUnderTest;

const std::string wanted = "/actions/review?id=3";

std::string led_to(const Response& response) { return test::header(response, "Location"); }

struct Ada {
  SiteUnderTest site;
  std::string cookie = site.sign_up("ada@example.com");

  Response post(const std::string& action, const test::Fields& fields, const std::string& sender) {
    return site.post(action, fields, sender, "text/html");
  }

  // The end of each way that begins with a `next`.
  std::string by_mailed_link(const std::string& next) { return by_mail(next, "token"); }
  std::string by_digits(const std::string& next) { return by_mail(next, "code"); }
  std::string by_new_password(const std::string& next) {
    post("forgot-password", {{"email", "ada@example.com"}, {"next", next}}, "");
    change_rows();
    return led_to(post(
        "reset-password",
        {{"token", mailed(site, "reset-password", "token")}, {"password", "battery staple"}}, ""));
  }
  std::string by_signing_up(const std::string& next) {
    const Response made = post("sign-up",
                               {{"email", "eve@example.com"},
                                {"password", "correct horse"},
                                {"name", "Eve"},
                                {"next", next}},
                               "");
    at_once = led_to(made);
    change_rows();
    return led_to(post("verify-email", {{"token", mailed(site, "verify-email", "token")}},
                       test::session_of(made)));
  }

  std::string by_mail(const std::string& next, const std::string& proof) {
    const Response asked =
        post("sign-in-by-mail", {{"email", "ada@example.com"}, {"next", next}}, "");
    CHECK(led_to(asked) == "/actions/mailed-sign-in");
    const OutgoingMail mail = test::waiting_mails(site, "sign-in").back();
    for (const auto& [name, value] : mail.mail.values) CHECK(value.find("actions") == value.npos);
    change_rows();
    return led_to(post("mailed-sign-in", {{proof, mailed(site, "sign-in", proof)}},
                       cookie_of(asked, "ticket")));
  }
  void change_rows() {
    if (!written_over.empty())
      site.change([&](Transaction& tx) { tx.run("UPDATE mail_links SET next = ?", written_over); });
  }

  std::string at_once;       // where signing up led
  std::string written_over;  // into the rows of the links
};

TEST_CASE("who had to sign in comes to where they were on the way to, by each way back in") {
  for (const std::string& next : {wanted, std::string("%2Factions%2Freview%3Fid%3D3")}) {
    CAPTURE(next);
    Ada ada;
    CHECK(ada.by_mailed_link(next) == wanted);
    CHECK(ada.by_digits(next) == wanted);
    CHECK(ada.by_new_password(next) == "/sign-in.html?next=%2Factions%2Freview%3Fid%3D3");
    CHECK(ada.by_signing_up(next) == wanted);
    CHECK(ada.at_once == wanted);
  }
}

void check_nowhere(const std::string& next, const std::string& written_over = "") {
  CAPTURE(next);
  CAPTURE(written_over);
  Ada ada;
  ada.written_over = written_over;
  CHECK(ada.by_mailed_link(next) == "/");
  CHECK(ada.by_digits(next) == "/");
  CHECK(ada.by_new_password(next) == "/sign-in.html");
  CHECK(ada.by_signing_up(next) == "/actions/change-email");
  CHECK(ada.at_once == (written_over.empty() ? "/" : next));
}

TEST_CASE("no way back in leads to another site, or to what is no address") {
  for (const std::string next : {"", "//evil.example", "https://evil.example/", "/\\evil.example",
                                 "%2F%2Fevil.example", "/%0d%0aX: y", "javascript:alert(1)"})
    check_nowhere(next);
}

TEST_CASE("nor does a row of the data that says so") { check_nowhere(wanted, "//evil.example"); }

// nginx fills the word into a page that it answers itself.
TEST_CASE("a page that comes with a note still knows the way on") {
  SiteUnderTest site;
  const std::string note = "note=" + sign_token("note.", "Sent.", site.keys);
  const auto way_on = [&](const std::string& query) {
    const std::string page = site.get("/sign-in.html?" + query, note, "text/html").body;
    const std::string mark = "name=\"next\" value=\"";
    const std::size_t begin = page.find(mark) + mark.size();
    return page.substr(begin, page.find('"', begin) - begin);
  };
  CHECK(way_on("next=/actions/review%3Fid%3D3") == wanted);
  CHECK(way_on("next=%2Factions%2Freview") == "/actions/review");
  for (const std::string query :
       {"", "next=//evil.example", "next=%2F%2Fevil.example", "next=/a&next=/b", "next=%", "n=/a"})
    CHECK(way_on(query) == "");
}

}  // namespace
}  // namespace actiond
