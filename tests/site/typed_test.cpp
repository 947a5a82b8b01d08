// Text that somebody typed into a page is not lost, and comes back as a page.
#include <doctest/doctest.h>

#include "site_under_test.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

const std::string key = "0123456789abcdef0123456789abcdef";

bool holds(const Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

TEST_CASE("P20 a session that ended meanwhile takes no text with it") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.post("sign-out", {}, cookie);
  const auto before = site.all_rows();
  // Known by the cookie, or by the key of a page that was shown to a user.
  for (const auto& [whose, its_key] :
       {std::pair(cookie, key), std::pair(std::string(), key + "s")}) {
    const Response response = site.post(
        "profile", {{"name", "Ada \"L\""}, {"website", "https://a.example/"}, {"_once", its_key}},
        whose, "text/html");
    CHECK(response.status() == 401);
    CHECK(holds(response, "value=\"Ada &quot;L&quot;\""));
    CHECK(holds(response, "value=\"https://a.example/\""));
    CHECK(holds(response, "You are not signed in any more"));
    CHECK(holds(response, "<a href=\"/sign-in.html\" target=\"_blank\">"));
    CHECK_FALSE(holds(response, key));
  }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("P20 the page of a user says so in its key, and says it again when it comes back") {
  SiteUnderTest site;
  const auto has_mark = [](const Response& page) {
    const std::size_t at = page.body.find("name=\"_once\" value=\"");
    REQUIRE(at != std::string::npos);
    return page.body[page.body.find('"', at + 20) - 1] == 's';
  };
  CHECK(has_mark(site.get("/actions/profile", site.sign_up("ada@example.com"), "text/html")));
  CHECK(has_mark(site.post("profile", {{"name", "Ada"}, {"_once", key + "s"}}, "", "text/html")));
}

TEST_CASE("what no page sent, or has no text, leads to the sign-in") {
  SiteUnderTest site;
  for (const test::Fields& fields :
       {test::Fields{{"name", "Ada"}}, test::Fields{{"name", "Ada"}, {"_once", "k"}},
        test::Fields{{"name", "Ada"}, {"_once", key}}, test::Fields{{"_once", key + "s"}}}) {
    const Response response = site.post("profile", fields, "", "text/html");
    CHECK(response.status() == 303);
    CHECK(test::header(response, "Location") == "/sign-in.html?next=/actions/profile");
  }
  CHECK(site.post("profile", {{"name", "Ada"}, {"_once", key}}).status() == 401);
  CHECK(test::header(site.post("sign-out", {{"_once", key}}, "", "text/html"), "Location") ==
        "/sign-in.html?next=/");
}

TEST_CASE("P21 a page's key says that a page is wanted where any type is taken") {
  SiteUnderTest site;
  const auto type = [](const Response& response) { return test::header(response, "Content-Type"); };
  const test::Fields wrong{{"message", ""}, {"_once", key}};
  CHECK(type(site.post("feedback", wrong, "", "*/*")) == "text/html; charset=utf-8");
  CHECK(site.post("feedback", {{"message", "Hello"}, {"_once", key}}, "", "*/*").status() == 303);
  CHECK(site.post("profile", {{"name", "Ada"}, {"_once", key}}, "", "*/*").status() == 303);
  CHECK(type(site.post("profile", {{"name", "Ada"}, {"_once", key + "s"}}, "", "*/*")) ==
        "text/html; charset=utf-8");
  // A program's: with a key of its own, with none, or one that asks for JSON.
  for (const auto& [fields, accept] :
       std::vector<std::pair<test::Fields, std::string>>{{{{"message", ""}, {"_once", "k"}}, "*/*"},
                                                         {{{"message", ""}}, "*/*"},
                                                         {wrong, "application/json"},
                                                         {wrong, "application/json, */*;q=0.1"}})
    CHECK(type(site.post("feedback", fields, "", accept)) == "application/problem+json");
}

}  // namespace
}  // namespace actiond
