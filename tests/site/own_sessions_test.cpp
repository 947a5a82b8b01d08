// The sessions that a user sees and ends, and what a new password ends.
#include <doctest/doctest.h>

#include "count_of.h"
#include "site/ada.h"
#include "site_under_test.h"

namespace actiond {
namespace {

using test::ada;
using test::changed_tables;
using test::SiteUnderTest;

const std::string firefox =
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

// Signs in with a browser that calls itself so, and returns the cookie.
std::string sign_in(SiteUnderTest& site, const std::string& user_agent) {
  return test::session_of(
      site.send(test::make_request("POST", "/actions/sign-in",
                                   {{"sec-fetch-site", "same-origin"},
                                    {"user-agent", user_agent},
                                    {"content-type", "application/x-www-form-urlencoded"}},
                                   test::urlencoded(ada))));
}

std::string page(SiteUnderTest& site, const std::string& cookie) {
  return site.get("/actions/sessions", cookie, "text/html").body;
}

std::string name_of(SiteUnderTest& site, const std::string& cookie) {
  const std::string token = cookie.substr(cookie.find('=') + 1);
  return public_name(*verify(token, site.keys));
}

TEST_CASE("the page lists the user's living sessions, and marks this one") {
  SiteUnderTest site;
  site.sign_up("eve@example.com");
  const std::string first = site.sign_up("ada@example.com");
  site.now += std::chrono::minutes(90);
  const std::string second = sign_in(site, firefox);
  const std::string html = page(site, second);
  CHECK(test::count_of(html, "<tr data-each") == 2);
  CHECK(test::count_of(html, "this browser") == 1);
  CHECK(html.find("Firefox, Linux") < html.find("this browser"));
  CHECK(html.find("this browser") < html.find("Unknown browser"));
  CHECK(html.find("2027-01-15 08:00") != html.npos);     // made
  CHECK(test::count_of(html, "2027-01-15 09:30") == 1);  // this one, made; used now
  CHECK(html.find("value=\"" + name_of(site, first) + "\"") != html.npos);
  CHECK(html.find("value=\"" + name_of(site, second) + "\"") != html.npos);
  CHECK(html.find("<time datetime=\"2027-01-15T08:00:00Z\"") != html.npos);
  // Nothing that a cookie could be made of.
  for (const std::string& cookie : {first, second})
    CHECK(html.find(cookie.substr(cookie.find('=') + 1).substr(0, 30)) == html.npos);
  site.now += std::chrono::days(14);
  CHECK(site.get("/actions/sessions", second).status() == 401);
}

TEST_CASE("a browser that calls itself markup is shown as text") {
  SiteUnderTest site;
  site.sign_up("ada@example.com");
  const std::string html = page(site, sign_in(site, "<script>alert(1)</script>"));
  CHECK(html.find("<script>alert") == html.npos);
  CHECK(html.find("&lt;script&gt;alert(1)&lt;/script&gt;") != html.npos);
}

TEST_CASE("a user ends one of the sessions, and the others live on") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com"), other = sign_in(site, firefox),
                    third = sign_in(site, firefox);
  const Response response = site.post("sessions", {{"end", name_of(site, other)}}, one);
  CHECK(response.status() == 200);
  CHECK(test::header(response, "Set-Cookie") == "");
  CHECK(site.is_signed_in(one));
  CHECK_FALSE(site.is_signed_in(other));
  CHECK(site.is_signed_in(third));
  const auto before = site.all_rows();
  CHECK(site.post("sessions", {{"end", name_of(site, other)}}, one).status() == 404);
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("nobody ends the sessions of another") {
  SiteUnderTest site;
  const std::string mine = site.sign_up("ada@example.com"),
                    theirs = site.sign_up("eve@example.com");
  const auto before = site.all_rows();
  CHECK(site.post("sessions", {{"end", name_of(site, theirs)}}, mine).status() == 404);
  CHECK(changed_tables(before, site.all_rows()) == "");
  CHECK(site.post("sessions", {{"end", "others"}}, mine).status() == 200);
  CHECK(changed_tables(before, site.all_rows()) == "audit");
  CHECK(site.is_signed_in(theirs));
}

TEST_CASE("ending all others keeps this one, ending this one signs out") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com"), other = sign_in(site, firefox),
                    third = sign_in(site, firefox);
  CHECK(site.post("sessions", {{"end", "others"}}, other).status() == 200);
  CHECK_FALSE(site.is_signed_in(one));
  CHECK(site.is_signed_in(other));
  CHECK_FALSE(site.is_signed_in(third));
  const Response response = site.post("sessions", {{"end", name_of(site, other)}}, other);
  CHECK(test::header(response, "Set-Cookie").starts_with("session=; Path=/; Max-Age=0"));
  CHECK_FALSE(site.is_signed_in(other));
}

TEST_CASE("what names no session is a wrong field, and the page still comes") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  const Response response = site.post("sessions", {}, cookie, "text/html");
  CHECK(response.status() == 422);
  CHECK(response.body.find("error-summary") != std::string::npos);
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("a page that comes back with a mistake shows its list") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com"), other = sign_in(site, firefox);
  const Response wrong =
      site.post("sessions", {{"end", std::string(33, 'x')}}, cookie, "text/html");
  REQUIRE(wrong.status() == 422);
  const std::string right = page(site, cookie);
  for (const std::string& one : {cookie, other})
    CHECK(test::count_of(wrong.body, name_of(site, one)) ==
          test::count_of(right, name_of(site, one)));
  CHECK(test::count_of(wrong.body, "Firefox") == test::count_of(right, "Firefox"));
}

TEST_CASE("a new password ends every session and makes one for this browser") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com"), other = sign_in(site, firefox);
  const Response response = site.post(
      "change-password", {{"present", "correct horse"}, {"password", "battery staple"}}, one);
  CHECK(response.status() == 200);
  const std::string fresh = test::session_of(response);
  CHECK(fresh != one);
  CHECK(site.is_signed_in(fresh));
  CHECK_FALSE(site.is_signed_in(one));
  CHECK_FALSE(site.is_signed_in(other));
  CHECK(site.post("sign-in", ada).status() == 422);
  CHECK(site.post("sign-in", {ada[0], {"password", "battery staple"}}).status() == 200);
}

int rows(SiteUnderTest& site, const std::string& of) {
  return std::get<0>(*site.database.reader().row<int>("SELECT count(*) FROM " + of));
}

Request one_click(const std::string& action, const std::string& cookie,
                  const test::Fields& fields) {
  return test::make_request("POST", "/actions/" + action,
                            {{"sec-fetch-site", "same-origin"},
                             {"content-type", "application/x-www-form-urlencoded"},
                             {"cookie", cookie}},
                            test::urlencoded(fields));
}

// Of two that are on their way before one of them is done.
std::vector<Response> both(SiteUnderTest& site, Request one, Request two) {
  std::vector<Response> responses;
  for (Request* each : {&one, &two})
    site.dispatcher.answer(*each,
                           [&](Response response) { responses.push_back(std::move(response)); });
  site.store.commit();
  return responses;
}

const test::Fields new_password{
    {"present", "correct horse"}, {"password", "battery staple"}, {"_once", "k"}};

TEST_CASE("a change of the password that comes again is answered again, and done once") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.change([](Transaction& tx) { tx.run("DELETE FROM attempts"); });
  const std::vector<Response> responses =
      both(site, one_click("change-password", cookie, new_password),
           one_click("change-password", cookie, new_password));
  REQUIRE(responses.size() == 2);
  const std::string fresh = test::session_of(responses[0]);
  for (const Response& response : responses) {
    CHECK(response.status() == 200);
    CHECK(response.body == responses[0].body);
    CHECK(test::session_of(response) == fresh);
  }
  CHECK(test::header(responses[1], "Idempotent-Replayed") == "true");
  CHECK(site.is_signed_in(fresh));
  // And later, with the cookie that the first answer set.
  const Response later = site.post("change-password", new_password, fresh);
  CHECK(later.body == responses[0].body);
  CHECK(test::session_of(later) == fresh);
  CHECK(rows(site, "sessions") == 1);
  CHECK(rows(site, "audit WHERE action = 'change-password'") == 1);
  CHECK(rows(site, "attempts WHERE account IS NOT NULL") == 0);
  // Signed out of everywhere since, it is refused.
  site.change([&](Transaction& tx) { end_sessions(tx, find_account(tx, "ada@example.com")->id); });
  CHECK(site.post("change-password", new_password, fresh).status() == 401);
  CHECK(site.post("sign-in", {ada[0], {"password", "battery staple"}}).status() == 200);
}

TEST_CASE("what ended the session, too, leaves nothing to answer again") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  Request one = one_click("change-password", cookie, new_password);
  Request two = one_click("change-password", cookie, new_password);
  std::vector<Response> responses;
  const auto keep = [&](Response response) { responses.push_back(std::move(response)); };
  site.dispatcher.answer(one, keep);
  site.store.writes_before = 1;  // the try; then the first is done, and found
  site.store.just_before_write = [](Transaction& tx) {
    end_sessions(tx, find_account(tx, "ada@example.com")->id);
  };
  site.dispatcher.answer(two, keep);
  site.store.commit();
  REQUIRE(responses.size() == 2);
  CHECK(responses[0].status() == 200);
  CHECK(responses[1].status() == 401);
  CHECK(test::header(responses[1], "Set-Cookie") == "");
  CHECK(rows(site, "sessions") == 0);
  CHECK(rows(site, "audit WHERE action = 'change-password'") == 1);
}

TEST_CASE("signing out twice at once is done, and answered twice") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const test::Fields key{{"_once", "k"}};
  for (const Response& response :
       both(site, one_click("sign-out", cookie, key), one_click("sign-out", cookie, key)))
    CHECK(response.status() == 200);
  CHECK_FALSE(site.is_signed_in(cookie));
  CHECK(rows(site, "audit WHERE action = 'sign-out'") == 1);
}

TEST_CASE("a sign-out under a key that another session used signs out") {
  SiteUnderTest site;
  const std::string one = site.sign_up("ada@example.com"), other = sign_in(site, firefox);
  for (const std::string& cookie : {one, other}) {
    const Response response = site.post("sign-out", {{"_once", "k"}}, cookie);
    CHECK(response.status() == 200);
    CHECK(test::header(response, "Idempotent-Replayed") == "");
    CHECK_FALSE(site.is_signed_in(cookie));
  }
  CHECK(rows(site, "audit WHERE action = 'sign-out'") == 2);
  // One that ended that very session by its name ends nothing else.
  const std::string third = sign_in(site, firefox), fourth = sign_in(site, firefox);
  const test::Fields end_third{{"end", name_of(site, third)}, {"_once", "l"}};
  CHECK(site.post("sessions", end_third, third).status() == 200);
  site.post("sessions", end_third, fourth);
  CHECK(site.is_signed_in(fourth));
}

TEST_CASE("a password is changed only by who knows the present one, and for a good one") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  struct Row {
    std::string present, password, field;
  };
  const auto before = site.all_rows();
  for (const Row& row :
       {Row{"wrong horse", "battery staple", "present"}, Row{"", "battery staple", "present"},
        Row{"correct horse", "short", "password"}, Row{"correct horse", "qwertyuiop", "password"},
        Row{"correct horse", "", "password"}}) {
    CAPTURE(row.password);
    const Response response =
        site.post("change-password", {{"present", row.present}, {"password", row.password}}, cookie,
                  "text/plain");
    CHECK(response.status() == 422);
    CHECK(response.body.find("error " + row.field + ":") != std::string::npos);
    CHECK(test::header(response, "Set-Cookie") == "");
  }
  CHECK(changed_tables(before, site.all_rows()) == "attempts");
  CHECK(site.is_signed_in(cookie));
}

TEST_CASE("a password that was changed meanwhile is not changed again by the old one") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.store.writes_before = 1;  // the try, before its hash
  site.store.just_before_write = [](Transaction& tx) {
    set_password_hash(tx, find_account(tx, "ada@example.com")->id, "another");
  };
  CHECK(site.post("change-password", {{"present", "correct horse"}, {"password", "battery staple"}},
                  cookie)
            .status() == 422);
  CHECK(find_account(site.database.reader(), "ada@example.com")->password_hash == "another");
}

TEST_CASE("a session that nobody uses ends after fourteen days, one that is used after thirty") {
  SiteUnderTest site;
  const std::string idle = site.sign_up("ada@example.com"), used = sign_in(site, firefox);
  for (int day = 0; day < 29; ++day) {
    site.now += std::chrono::days(1);
    CHECK(site.is_signed_in(used));
    site.upkeep.run();
  }
  CHECK_FALSE(site.is_signed_in(idle));
  site.now += std::chrono::days(1);
  CHECK_FALSE(site.is_signed_in(used));
}

TEST_CASE("looking on writes nothing, and is noted at most once an hour") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  const auto before = site.all_rows();
  site.now += std::chrono::minutes(59);
  for (const std::string path : {"/actions/me", "/actions/author", "/actions/sessions"})
    CHECK(site.get(path, cookie).status() == 200);
  site.upkeep.run();
  CHECK(changed_tables(before, site.all_rows()) == "");
  site.now += std::chrono::minutes(1);
  CHECK(site.is_signed_in(cookie));
  CHECK(changed_tables(before, site.all_rows()) == "");
  site.upkeep.run();
  CHECK(changed_tables(before, site.all_rows()) == "attempts sessions");  // too old to count
  const auto noted = site.all_rows();
  site.now += std::chrono::minutes(59);
  CHECK(site.is_signed_in(cookie));
  site.upkeep.run();
  CHECK(changed_tables(noted, site.all_rows()) == "");
}

}  // namespace
}  // namespace actiond
