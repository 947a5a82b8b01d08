// A submission that comes again has no second effect.
#include <doctest/doctest.h>

#include <thread>

#include "site_under_test.h"

namespace actiond {
namespace {

using test::changed_tables;
using test::SiteUnderTest;

int comments_of(SiteUnderTest& site) {
  return std::get<0>(*site.database.reader().row<int>("SELECT count(*) FROM comments"));
}

Response by_script(SiteUnderTest& site, const std::string& message, const std::string& key,
                   const std::string& cookie = "") {
  std::vector<Header> headers{{"sec-fetch-site", "same-origin"},
                              {"idempotency-key", key},
                              {"content-type", "application/x-www-form-urlencoded"}};
  if (!cookie.empty()) headers.push_back({"cookie", cookie});
  return site.send(test::make_request("POST", "/actions/comments", headers,
                                      test::urlencoded({{"message", message}})));
}

TEST_CASE("the same submission is answered again and has one effect") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  const test::Fields fields{{"topic", "owls"}, {"_once", "k"}};
  const Response first = site.post("order", fields, cookie);
  const auto before = site.all_rows();
  const Response again = site.post("order", fields, cookie);
  CHECK(again.status() == 200);
  CHECK(again.body == first.body);
  CHECK(test::header(first, "Idempotent-Replayed") == "");
  CHECK(test::header(again, "Idempotent-Replayed") == "true");
  CHECK(changed_tables(before, site.all_rows()) == "");
}

TEST_CASE("twenty equal submissions at once have one effect") {
  SiteUnderTest site;
  site.database.open();
  std::vector<std::thread> threads;
  std::vector<int> statuses(20);
  for (std::size_t at = 0; at < 20; ++at)
    threads.emplace_back([&, at] {
      statuses[at] = site.post("comments", {{"message", "x"}, {"_once", "k"}}).status();
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(statuses == std::vector<int>(20, 200));
  CHECK(comments_of(site) == 1);
}

TEST_CASE("a page that nobody filled a key into names no submission") {
  SiteUnderTest site;
  for (int visitor = 0; visitor < 2; ++visitor)
    CHECK(site.post("comments", {{"message", "x"}, {"_once", "{once}"}}).status() == 200);
  CHECK(comments_of(site) == 2);
}

TEST_CASE("a page that was edited is a new submission, a script's reused key is 409") {
  SiteUnderTest site;
  CHECK(site.post("comments", {{"message", "one"}, {"_once", "k"}}).status() == 200);
  CHECK(site.post("comments", {{"message", "two"}, {"_once", "k"}}).status() == 200);
  CHECK(comments_of(site) == 2);
  CHECK(by_script(site, "three", "l").status() == 200);
  CHECK(by_script(site, "four", "l").status() == 409);
  CHECK(comments_of(site) == 3);
}

TEST_CASE("an empty key of a script leaves the page's in force") {
  SiteUnderTest site;
  const auto send = [&] {
    return site.send(test::make_request("POST", "/actions/comments",
                                        {{"sec-fetch-site", "same-origin"},
                                         {"idempotency-key", ""},
                                         {"content-type", "application/x-www-form-urlencoded"}},
                                        test::urlencoded({{"message", "x"}, {"_once", "k"}})));
  };
  CHECK(send().status() == 200);
  CHECK(test::header(send(), "Idempotent-Replayed") == "true");
  CHECK(comments_of(site) == 1);
}

TEST_CASE("a submission that failed may come again") {
  SiteUnderTest site;
  CHECK(site.post("comments", {{"message", ""}, {"_once", "k"}}).status() == 422);
  CHECK(site.post("comments", {{"message", "x"}, {"_once", "k"}}).status() == 200);
  CHECK(comments_of(site) == 1);
}

TEST_CASE("a submission is forgotten after a day, and swept away") {
  SiteUnderTest site;
  CHECK(by_script(site, "one", "k").status() == 200);
  site.now += std::chrono::hours(24);
  CHECK(by_script(site, "two", "k").status() == 200);
  CHECK(comments_of(site) == 2);
  site.now += std::chrono::hours(24);
  site.upkeep.run();
  CHECK(site.database.reader().row<int>("SELECT count(*) FROM submissions") == std::tuple(0));
}

TEST_CASE("an answer given before is refused to who has no access any more") {
  SiteUnderTest site;
  const std::string cookie = site.sign_up("ada@example.com");
  site.grant("ada@example.com", forever);
  const test::Fields fields{{"topic", "owls"}, {"_once", "k"}};
  CHECK(site.post("order", fields, cookie).status() == 200);
  site.grant("ada@example.com", std::nullopt);
  CHECK(site.post("order", fields, cookie).status() == 402);
}

TEST_CASE("signing in or up again with an old submission makes no session of a disabled account") {
  SiteUnderTest site;
  const test::Fields up{{"email", "ada@example.com"},
                        {"password", "correct horse"},
                        {"name", "Ada"},
                        {"_once", "up"}};
  const test::Fields in{
      {"email", "ada@example.com"}, {"password", "correct horse"}, {"_once", "in"}};
  REQUIRE(site.post("sign-up", up).status() == 200);
  REQUIRE(site.post("sign-in", in).status() == 200);
  site.change([&](Transaction& tx) {
    disable_account(tx, find_account(tx, "ada@example.com")->id, site.now);
  });
  for (const auto& [action, fields] : {std::pair{std::string("sign-up"), up}, {"sign-in", in}}) {
    CAPTURE(action);
    const auto before = site.all_rows();
    const Response response = site.post(action, fields);
    CHECK(test::header(response, "Set-Cookie") == "");
    CHECK(changed_tables(before, site.all_rows()) == "attempts");
  }
}

TEST_CASE(
    "signing up again with an old submission makes no session once the password has changed") {
  SiteUnderTest site;
  const test::Fields up{{"email", "ada@example.com"},
                        {"password", "correct horse"},
                        {"name", "Ada"},
                        {"_once", "up"}};
  REQUIRE(site.post("sign-up", up).status() == 200);
  site.change([&](Transaction& tx) {
    const auto id = find_account(tx, "ada@example.com")->id;
    set_password_hash(tx, id, "another");
    end_sessions(tx, id);
  });
  CHECK_FALSE(site.is_signed_in(test::session_of(site.post("sign-up", up))));
}

}  // namespace
}  // namespace actiond
