// Text that somebody typed into a page is not lost, and comes back as a page.
#include <doctest/doctest.h>

#include "action/declare.h"
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
        "author", {{"name", "Ada \"L\""}, {"website", "https://a.example/"}, {"_once", its_key}},
        whose, "text/html");
    CHECK(response.status() == 401);
    CHECK(holds(response, "value=\"Ada &quot;L&quot;\""));
    CHECK(holds(response, "value=\"https://a.example/\""));
    CHECK(holds(response, "You are not signed in any more"));
    CHECK(holds(response, "<a href=\"/sign-in.html\" target=\"_blank\">"));
    CHECK_FALSE(holds(response, key));
    // Anybody can send such a key, and nginx may have a gate before the page.
    CHECK_FALSE(holds(response, "<h1>You</h1>"));
    CHECK_FALSE(holds(response, "data-if"));
  }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

struct Boat {
  std::string name;
};
struct Which {
  std::int64_t id;
};
const Form<Boat> boat_form{"author.html", {{"name", &Boat::name, {.required = true}}}};
const Asked<Which> which{{{"id", &Which::id, {.required = true, .min = 1}}}};

Boat load_boat(const User&, const Which& asked, Reader&) {
  return {"Boat " + std::to_string(asked.id)};
}
Result save_boat(const User&, const Boat&, Transaction&) { return Redirect{"/actions/reviews"}; }

// The site's actions with this one, in place of one of its name.
std::vector<Action> with(Action own) {
  static const test::TemporaryFolder folder;
  static const PasswordHasher hasher(folder / "lock");
  auto actions = actions_of(test::tested_site(), hasher);
  std::erase_if(actions, [&](const Action& action) { return action.name == own.name; });
  actions.push_back(std::move(own));
  return actions;
}

TEST_CASE("P20 nor from a form that was opened with a row in it, and after sign-in it is sent") {
  // In the page of the author, the form of a row that its address names.
  SiteUnderTest site(
      with(protected_action("author", boat_form, save_boat, Load{which, load_boat})));
  const std::string cookie = site.sign_up("ada@example.com");
  CHECK(holds(site.get("/actions/author?id=7", cookie, "text/html"), "value=\"Boat 7\""));
  site.post("sign-out", {}, cookie);
  const test::Fields typed{{"name", "Ark"}, {"_once", key + "s"}};
  const Response response = site.post("author", typed, cookie, "text/html");
  CHECK(response.status() == 401);
  CHECK(holds(response, "value=\"Ark\""));
  CHECK(holds(response, "You are not signed in any more"));
  const std::string again = test::session_of(
      site.post("sign-in", {{"email", "ada@example.com"}, {"password", "correct horse"}}));
  CHECK(site.post("author", typed, again, "text/html").status() == 303);
}

TEST_CASE("P20 nor from a form in a view's page, whose action has no page of its own") {
  const Form<Boat> form{"", {{"name", &Boat::name, {.required = true, .max = 300}}}};
  SiteUnderTest site(with(protected_action("rename-boat", form, save_boat)));
  const std::string cookie = site.sign_up("ada@example.com");
  site.post("sign-out", {}, cookie);
  const test::Fields typed{{"name", "Ark\n</textarea>"}, {"_once", key + "s"}};
  const Response response = site.post("rename-boat", typed, cookie, "text/html");
  CHECK(response.status() == 401);
  CHECK(holds(response, "<form method=\"post\" action=\"/actions/rename-boat\">"));
  CHECK(holds(response, ">Ark\n&lt;/textarea&gt;</textarea>"));
  CHECK(holds(response, "You are not signed in any more"));
  CHECK(holds(response, "<a href=\"/sign-in.html\" target=\"_blank\">"));
  CHECK(holds(response, "<button>Send</button>"));
  CHECK_FALSE(holds(response, key));
  CHECK(test::header(response, "Location") == "");
  const std::string again = test::session_of(
      site.post("sign-in", {{"email", "ada@example.com"}, {"password", "correct horse"}}));
  CHECK(site.post("rename-boat", typed, again, "text/html").status() == 303);
}

TEST_CASE("a wrong field loses no text either where the action has no page of its own") {
  const Form<Boat> form{"", {{"name", &Boat::name, {.required = true, .max = 3}}}};
  SiteUnderTest site(with(protected_action("rename-boat", form, save_boat)));
  const std::string cookie = site.sign_up("ada@example.com");
  const Response response =
      site.post("rename-boat", {{"name", "Arks"}, {"_once", key}}, cookie, "text/html");
  CHECK(response.status() == 422);
  CHECK(holds(response, "<form method=\"post\" action=\"/actions/rename-boat\">"));
  CHECK(holds(response, "value=\"Arks\""));
  CHECK(holds(response, "3 characters"));
}

TEST_CASE("sign-in leads back to the row or the list that was asked for") {
  SiteUnderTest site;
  const auto leads_to = [&](const std::string& asked) {
    return test::header(site.get(asked, "", "text/html"), "Location");
  };
  const std::string to = "/sign-in.html?next=";
  CHECK(leads_to("/actions/review?id=7") == to + "%2Factions%2Freview%3Fid%3D7");
  CHECK(leads_to("/actions/reviews?q=a%20b&page=2") ==
        to + "%2Factions%2Freviews%3Fq%3Da%2520b%26page%3D2");
  CHECK(leads_to("/actions/reviews") == to + "/actions/reviews");
  // Sign-in would not lead there, or nginx not write it into its page.
  for (const std::string& query : {std::string("q=%0d%0a"), std::string("q=\\"),
                                   std::string("q=%5C"), "q=" + std::string(1990, 'a')})
    CHECK(leads_to("/actions/reviews?" + query) == to + "/actions/reviews");
}

TEST_CASE("P20 the page of a user says so in its key, and says it again when it comes back") {
  SiteUnderTest site;
  const auto has_mark = [](const Response& page) {
    const std::size_t at = page.body.find("name=\"_once\" value=\"");
    REQUIRE(at != std::string::npos);
    return page.body[page.body.find('"', at + 20) - 1] == 's';
  };
  CHECK(has_mark(site.get("/actions/author", site.sign_up("ada@example.com"), "text/html")));
  CHECK(has_mark(site.post("author", {{"name", "Ada"}, {"_once", key + "s"}}, "", "text/html")));
}

TEST_CASE("what no page sent, or has no text, leads to the sign-in") {
  SiteUnderTest site;
  for (const test::Fields& fields :
       {test::Fields{{"name", "Ada"}}, test::Fields{{"name", "Ada"}, {"_once", "k"}},
        test::Fields{{"name", "Ada"}, {"_once", key}}, test::Fields{{"_once", key + "s"}}}) {
    const Response response = site.post("author", fields, "", "text/html");
    CHECK(response.status() == 303);
    CHECK(test::header(response, "Location") == "/sign-in.html?next=/actions/author");
  }
  CHECK(site.post("author", {{"name", "Ada"}, {"_once", key}}).status() == 401);
  CHECK(test::header(site.post("sign-out", {{"_once", key}}, "", "text/html"), "Location") ==
        "/sign-in.html?next=/");
}

TEST_CASE("P21 a page's key says that a page is wanted where any type is taken") {
  SiteUnderTest site;
  const auto type = [](const Response& response) { return test::header(response, "Content-Type"); };
  const test::Fields wrong{{"message", ""}, {"_once", key}};
  CHECK(type(site.post("comments", wrong, "", "*/*")) == "text/html; charset=utf-8");
  CHECK(site.post("comments", {{"message", "Hello"}, {"_once", key}}, "", "*/*").status() == 303);
  CHECK(site.post("author", {{"name", "Ada"}, {"_once", key}}, "", "*/*").status() == 303);
  CHECK(type(site.post("author", {{"name", "Ada"}, {"_once", key + "s"}}, "", "*/*")) ==
        "text/html; charset=utf-8");
  // A program's: with a key of its own, with none, or one that asks for JSON.
  for (const auto& [fields, accept] :
       std::vector<std::pair<test::Fields, std::string>>{{{{"message", ""}, {"_once", "k"}}, "*/*"},
                                                         {{{"message", ""}}, "*/*"},
                                                         {wrong, "application/json"},
                                                         {wrong, "application/json, */*;q=0.1"}})
    CHECK(type(site.post("comments", fields, "", accept)) == "application/problem+json");
}

}  // namespace
}  // namespace actiond
