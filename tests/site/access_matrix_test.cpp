// Every action of the real catalogue, for every kind of visitor: who gets in, and what was written.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "levels.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

// The golden list: an action without a row, or of another level, fails.
struct Allowed {
  std::string action;
  std::string level;    // with the permissions
  test::Fields fields;  // what is right to send; of a view, to ask
  std::string writes;   // the tables that it changes
  int done = 200;       // the answer to whom it admits
  int shown = 200;      // and to whom it is shown with nothing asked

  bool is_view() const { return level.find("view") != level.npos; }
};

const std::vector<Allowed> golden{
    {"comments", "public", {{"message", "hello"}}, "comments"},
    {"author",
     "protected",
     {{"name", "Renamed"}, {"website", "https://example.com"}},
     "audit users"},
    {"proposal", "protected", {{"title", "Owls"}}, "audit inbox"},
    {"order", "paid", {{"topic", "owls"}, {"pages", "3"}}, "audit reviews"},
    {"sign-up",
     "public",
     {{"email", "new@example.com"}, {"password", "correct horse"}, {"name", "New"}},
     "attempts mail_links outbox sessions users"},
    {"sign-in",
     "public",
     {{"email", "user@example.com"}, {"password", "correct horse"}},
     "answered outbox sessions"},
    {"sign-out", "protected", {}, "audit sessions"},
    {"sessions", "protected", {{"end", "others"}}, "audit sessions"},
    {"change-password",
     "protected",
     {{"present", "correct horse"}, {"password", "correct horse"}},
     "answered audit outbox sessions users"},
    {"forgot-password", "public", {{"email", "user@example.com"}}, "attempts mail_links outbox"},
    {"sign-in-by-mail", "public", {{"email", "user@example.com"}}, "attempts mail_links outbox"},
    {"mailed-sign-in", "public", {{"code", "123456"}}, "", 422},
    {"change-email",
     "protected",
     {{"email", "another@example.com"}, {"password", "correct horse"}},
     "attempts audit mail_links outbox"},
    {"tokens", "protected", {{"actions", "comments"}}, "answered audit outbox tokens"},
    {"delete-account", "protected", {{"password", "wrong horse"}}, "attempts", 422},
    {"reset-password",
     "public",
     {{"token", "never-mailed"}, {"password", "battery staple"}},
     "attempts",
     422,
     422},
    {"verify-email", "protected", {{"token", "never-mailed"}}, "", 422, 422},
    {"reviews", "protected view", {{"q", "owls"}, {"page", "1"}}, ""},
    {"review", "protected view", {{"id", "1"}}, "", 200, 404},  // there is none of anybody
    {"comment-count", "protected view, editor", {}, ""},
    {"inbox", "protected view, owner", {{"q", ""}}, ""},
    {"inbox-message", "protected view, owner", {{"id", "1"}}, "", 200, 404},
    {"upgrade", "protected", {{"plan", "none"}}, "", 422},
    {"billing", "protected view", {}, ""},
    {"portal", "protected", {}, "audit"},
    {"to-stripe", "protected view", {{"id", "none"}}, "", 404, 404},
    {"inbox-file", "protected view, owner", {{"message", "1"}, {"field", "x"}}, "", 404, 404},
    {"inbox-sort", "protected, owner", {{"message", "1"}, {"to", "read"}}, "audit inbox"},
};

struct Asker {
  std::string who;
  bool signed_in;
  bool has_access;
  std::string permission = "";
};

const Asker visitors[] = {{"nobody", false, false},
                          {"user", true, false},
                          {"payer", true, true},
                          {"expired", true, false},
                          {"editor", true, false, "editor"},
                          {"owner", true, false, "owner"},
                          {"disabled", false, false},
                          {"forger", false, false}};

// Everybody earns their cookie by signing up; what an operator may do to them comes after.
std::map<std::string, std::string> earn_cookies(SiteUnderTest& site) {
  std::map<std::string, std::string> cookies{{"nobody", ""}};
  for (const std::string who : {"user", "payer", "expired", "editor", "owner", "disabled"})
    cookies[who] = site.sign_up(std::string(who) + "@example.com");
  cookies["forger"] = cookies["payer"].substr(0, cookies["payer"].rfind('.') + 1);
  site.grant("payer@example.com", site.now + std::chrono::days(1));
  site.grant("expired@example.com", site.now);
  site.grant("disabled@example.com", forever);
  for (const std::string permission : {"editor", "owner"})
    site.permit(permission + "@example.com", permission, forever);
  // Its session row is left, as if it were forgotten.
  site.change([&](Transaction& tx) {
    tx.run("UPDATE users SET disabled_at = ? WHERE email = ?", site.now, "disabled@example.com");
  });
  return cookies;
}

struct Expected {
  int json, html;
  std::string location;  // of the HTML answer; empty: not looked at
};

Expected expected(const Allowed& row, const Asker& visitor) {
  const std::string level = row.level;
  if (!level.starts_with("public") && !visitor.signed_in) return {401, 303, "/sign-in.html?next="};
  if (level.starts_with("paid") && !visitor.has_access) return {402, 303, "/upgrade.html"};
  const auto asked = level.find(", ");
  if (asked != level.npos && level.substr(asked + 2) != visitor.permission) return {403, 403, ""};
  return {row.done, 0, ""};
}

TEST_CASE("S35 the catalogue is the golden list, name by name and level by level") {
  SiteUnderTest site;
  std::set<std::pair<std::string, std::string>> listed, real;
  for (const Allowed& row : golden) listed.emplace(row.action, row.level);
  for (const Action& action : site.catalogue.actions())
    real.emplace(action.name, guard_text(action));
  CHECK(real == listed);
}

TEST_CASE("every action admits whom its level says, and writes for nobody else") {
  SiteUnderTest site;
  auto cookies = earn_cookies(site);
  for (const Asker& visitor : visitors)
    for (const Allowed& row : golden) {
      if (row.is_view()) continue;
      CAPTURE(visitor.who);
      CAPTURE(row.action);
      // One new address a visitor; a session that another action ended is earned again.
      test::Fields fields = row.fields;
      if (row.action == "sign-up" || row.action == "forgot-password" ||
          row.action == "sign-in-by-mail" || row.action == "change-email")
        fields[0].second = visitor.who + "-" + row.action + "@example.com";
      // As if nobody had been mailed lately.
      site.change([](Transaction& tx) {
        tx.run("DELETE FROM answered");
        tx.run("DELETE FROM attempts");
      });
      const auto before = site.all_rows();
      const Response response = site.post(row.action, fields, cookies[visitor.who]);
      const Expected wanted = expected(row, visitor);
      CHECK(response.status() == wanted.json);
      const bool is_admitted = wanted.json == row.done;
      CHECK(changed_tables(before, site.all_rows()) == (is_admitted ? row.writes : ""));
      if (const std::string fresh = test::session_of(response);
          is_admitted && visitor.signed_in && !fresh.empty())
        cookies[visitor.who] = test::session_of(site.post(
            "sign-in",
            {{"email", std::string(visitor.who) + "@example.com"}, {"password", "correct horse"}}));
    }
}

TEST_CASE("a browser that is refused is sent where it can help itself, and nothing is written") {
  SiteUnderTest site;
  auto cookies = earn_cookies(site);
  const auto before = site.all_rows();
  for (const Asker& visitor : visitors)
    for (const Allowed& row : golden) {
      const Expected wanted = expected(row, visitor);
      if (wanted.json == row.done || row.is_view()) continue;
      CAPTURE(visitor.who);
      CAPTURE(row.action);
      const Response response =
          site.post(row.action, row.fields, cookies[visitor.who], "text/html");
      CHECK(response.status() == wanted.html);
      CHECK(test::header(response, "Location").starts_with(wanted.location));
      CHECK(test::header(response, "Set-Cookie") == "");
    }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("opening a page asks the same question as sending it") {
  SiteUnderTest site;
  auto cookies = earn_cookies(site);
  const auto before = site.all_rows();
  for (const Asker& visitor : visitors)
    for (const Allowed& row : golden) {
      CAPTURE(visitor.who);
      CAPTURE(row.action);
      const bool has_page = row.action != "sign-out" && row.action != "inbox-sort" &&
                            row.action != "portal" && row.action != "proposal";
      const std::string query = row.is_view() ? "?" + test::urlencoded(row.fields) : "";
      const int status = site.get("/actions/" + row.action + query, cookies[visitor.who]).status();
      const int admitted = expected(row, visitor).json;
      const int wanted = !has_page ? 405 : admitted == row.done ? row.shown : admitted;
      CHECK(status == wanted);
    }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("S1 headers that claim an identity or skip a check change nothing") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  const auto before = site.all_rows();
  for (const std::string name : {"x-middleware-subrequest", "x-user-id", "remote-user",
                                 "x-original-url", "x-rewrite-url", "x-forwarded-user", "action",
                                 "request_id", "https", "script_name", "x-http-method-override"})
    for (const std::string value : {"1", "ada@example.com", "/actions/comments", "GET"})
      for (const std::string action : {"author", "order", "sign-out"}) {
        CAPTURE(name);
        CAPTURE(action);
        CHECK(site.send(test::make_request("POST", std::string("/actions/") + action,
                                           {{"sec-fetch-site", "same-origin"},
                                            {name, value},
                                            {"content-type", "application/x-www-form-urlencoded"}},
                                           "name=x&topic=x&pages=1"))
                  .status() == 401);
      }
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("the kit's check of levels lets nothing pass that the golden list refuses") {
  test::check_levels();
}

}  // namespace
}  // namespace actiond
