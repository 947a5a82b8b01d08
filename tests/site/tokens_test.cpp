// Tokens of scripts: who gets one, what it is good for, and what ends it.
#include "store/tokens.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "count_of.h"
#include "site/ada.h"
#include "site/guessing.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;
using test::ada;
using test::changed_tables;
using test::Fields;
using test::SiteUnderTest;

struct WithToken {
  SiteUnderTest site;
  std::string cookie = site.sign_up("ada@example.com");

  Response make(const Fields& fields) { return site.post("tokens", fields, cookie); }
  std::string make_for(const std::string& action) {
    const Response made = make({{"actions", action}, {"until", ""}});
    REQUIRE(made.status() == 200);
    const std::size_t start = made.body.find("actd_");
    REQUIRE(start != std::string::npos);
    return made.body.substr(start, 41);
  }
  Response send(const std::string& method, const std::string& action, const std::string& token,
                const Fields& fields = {}, std::vector<Header> more = {},
                const std::string& accept = "application/json") {
    std::vector<Header> headers{{"accept", accept},
                                {"authorization", "Bearer " + token},
                                {"content-type", "application/x-www-form-urlencoded"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return site.send(
        test::make_request(method, "/actions/" + action, headers, test::urlencoded(fields)));
  }
  Response review(const std::string& token) {
    return send("POST", "order", token, {{"topic", "Oars"}, {"pages", "3"}});
  }
};

TEST_CASE("a list without rows comes as CSV with its columns, and one with rows with its times") {
  test::SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const auto csv = [&](const char* path) { return site.get(path, ada).body; };
  CHECK(csv("/actions/tokens?_format=csv") == "\xEF\xBB\xBFstart,for,made,ends,used,end\r\n");
  CHECK(csv("/actions/sessions?_format=csv").find(",2027-01-15T08:00:00Z,") != std::string::npos);
}

TEST_CASE("a script with a token acts as its account, without cookie and origin") {
  WithToken script;
  script.site.grant("ada@example.com", forever);
  const std::string token = script.make_for("reviews");
  const Response shown = script.send("GET", "reviews", token);
  CHECK(shown.status() == 200);
  CHECK(test::header(shown, "Set-Cookie").empty());
  const auto before = script.site.all_rows();
  const Response other = script.review(token);
  CHECK(other.status() == 403);
  CHECK(test::header(other, "WWW-Authenticate") == "Bearer error=\"insufficient_scope\"");
  CHECK(changed_tables(before, script.site.all_rows()).empty());
}

TEST_CASE("a token is shown once, and the data do not have it") {
  WithToken script;
  const std::string token = script.make_for("reviews");
  for (const auto& [table, rows] : script.site.all_rows()) {
    CAPTURE(table);
    CHECK(rows.find(token) == std::string::npos);
    CHECK(rows.find(token.substr(9)) == std::string::npos);
  }
  const std::string page = script.site.get("/actions/tokens", script.cookie, "text/html").body;
  CHECK(page.find(token) == std::string::npos);
  CHECK(page.find(token.substr(0, 9)) != std::string::npos);
}

TEST_CASE("a token is good for no action of the account, and nobody makes one for them") {
  WithToken script;
  for (const std::string action :
       {"tokens", "change-password", "sign-in", "sign-out", "sessions", "delete-account", "me",
        "forgot-password", "no-such-action", "*", ""}) {
    CAPTURE(action);
    CHECK(script.make({{"actions", action}, {"until", ""}}).status() == 422);
  }
  const std::string token = script.make_for("comments");
  const auto before = script.site.all_rows();
  CHECK(script.send("GET", "me", token).status() == 403);
  CHECK(script.send("GET", "sessions", token).status() == 403);
  CHECK(script.send("GET", "openapi.json", token).status() == 403);
  CHECK(script.send("POST", "tokens", token, {{"actions", "comments"}, {"until", ""}}).status() ==
        403);
  CHECK(script
            .send("POST", "change-password", token,
                  {{"present", "correct horse"}, {"password", "battery staple"}})
            .status() == 403);
  CHECK(script.send("POST", "sign-in", token, ada).status() == 403);
  CHECK(changed_tables(before, script.site.all_rows()).empty());
}

TEST_CASE("a token has the access that its account has now") {
  WithToken script;
  const std::string token = script.make_for("order");
  CHECK(script.review(token).status() == 402);
  const Response page =
      script.send("POST", "order", token, {{"topic", "Oars"}, {"pages", "3"}}, {}, "text/html");
  CHECK(page.status() == 402);
  script.site.grant("ada@example.com", script.site.now + 1h);
  CHECK(script.review(token).status() == 200);
  script.site.grant("ada@example.com", std::nullopt);
  CHECK(script.review(token).status() == 402);
}

TEST_CASE("with a token nothing else is looked at") {
  WithToken script;
  script.site.grant("ada@example.com", forever);
  const std::string token = script.make_for("order");
  const std::string eve = script.site.sign_up("eve@example.com");
  std::string wrong = token;
  std::swap(wrong[10], wrong[11]);
  if (wrong == token) wrong[10] = wrong[10] == 'a' ? 'b' : 'a';
  for (const std::string& bad : {wrong, std::string("x"), std::string(), new_api_token(),
                                 token + "a", token.substr(0, 40)}) {
    CAPTURE(bad);
    for (const std::string action : {"order", "comments", "reviews"}) {
      const auto before = script.site.all_rows();
      const Response refused =
          script.send("POST", action, bad, {{"topic", "Oars"}, {"pages", "3"}, {"message", "x"}},
                      {{"cookie", script.cookie}, {"sec-fetch-site", "same-origin"}});
      CHECK(refused.status() == (action == "reviews" ? 405 : 401));
      if (action != "reviews")
        CHECK(test::header(refused, "WWW-Authenticate") == "Bearer error=\"invalid_token\"");
      // One whose checksum is right is a try.
      const bool is_try = hash_of_api_token(bad) && action != "reviews";
      CHECK(changed_tables(before, script.site.all_rows()) == (is_try ? "attempts" : ""));
    }
  }
  // The token's account acts, and not the cookie's.
  const auto user_of_last_report = [&] {
    return std::get<0>(*script.site.database.reader().row<std::int64_t>(
        "SELECT user_id FROM reviews ORDER BY id DESC LIMIT 1"));
  };
  CHECK(script
            .send("POST", "order", token, {{"topic", "Oars"}, {"pages", "3"}},
                  {{"cookie", eve}, {"sec-fetch-site", "same-origin"}})
            .status() == 200);
  CHECK(user_of_last_report() == 1);
}

TEST_CASE("wrong tokens of one network are refused unread beyond a hundred in 15 minutes") {
  WithToken script;
  const std::string good = script.make_for("reviews");
  const auto ask = [&](const std::string& token, const std::string& address,
                       const std::string& path = "/actions/reviews") {
    Request request = test::make_request(
        "GET", path, {{"accept", "application/json"}, {"authorization", "Bearer " + token}});
    request.address = address;
    return script.site.send(std::move(request));
  };
  std::map<int, int> statuses;
  for (int at = 0; at < 120; ++at) ++statuses[ask(new_api_token(), test::office).status()];
  CHECK(statuses == std::map<int, int>{{401, 100}, {429, 20}});
  const auto before = script.site.all_rows();
  const Response refused = ask(new_api_token(), test::office);
  CHECK(test::header(refused, "Retry-After") == "900");
  // nginx would make a 500 of it.
  CHECK(ask(new_api_token(), test::office, "/-/gate/paid").status() == 401);
  CHECK(changed_tables(before, script.site.all_rows()).empty());
  // One that no token could be was never a guess.
  CHECK(ask("actd_x", test::office).status() == 401);
  CHECK(changed_tables(before, script.site.all_rows()).empty());
  // A neighbour of the guesser goes on, and so do those who sign in.
  CHECK(ask(good, test::office).status() == 200);
  CHECK(script.site.post("sign-in", ada).status() == 200);
  CHECK(ask(new_api_token(), "203.0.113.9").status() == 401);
  script.site.now += 15min;
  CHECK(ask(new_api_token(), test::office).status() == 401);
}

// Writes nothing.
class FullStore final : public Store {
 public:
  explicit FullStore(Store& store) : store_(store) {}

  Reader& reader() override { return store_.reader(); }
  void snapshot(const std::function<void(Reader&)>& work) override { store_.snapshot(work); }
  void queue(Work, Done done, Isolation) override {
    done(std::make_exception_ptr(Unavailable("the disk is full")));
  }
  bool is_waiting() override { return false; }
  void commit() override {}

 private:
  Store& store_;
};

TEST_CASE("a wrong token is refused where its try cannot be counted") {
  SiteUnderTest site;
  FullStore full(site.database);
  Application application(full, site.keys, site.settings(site.catalogue.actions()));
  Request request = test::make_request("GET", "/actions/reviews",
                                       {{"authorization", "Bearer " + new_api_token()}});
  CHECK(application.dispatcher().answer(request).status() == 401);
}

TEST_CASE("the owner of a token sees when it was last used, right to an hour") {
  WithToken script;
  const std::string token = script.make_for("reviews");
  const auto page = [&] {
    return script.site.get("/actions/tokens", script.cookie, "text/html").body;
  };
  const auto use = [&] {
    const auto before = script.site.all_rows();
    CHECK(script.send("GET", "reviews", token).status() == 200);
    CHECK(changed_tables(before, script.site.all_rows()).empty());
    script.site.upkeep.run();
  };
  CHECK(page().find("<span data-if=\"!used\">never") != std::string::npos);
  use();
  CHECK(page().find("never") == std::string::npos);
  CHECK(page().find("data-field=\"used\">2027-01-15 08:00</time>") != std::string::npos);
  script.site.now += 59min;
  use();
  CHECK(page().find("08:59") == std::string::npos);
  script.site.now += 1min;
  use();
  CHECK(page().find("<td><time datetime=\"2027-01-15T09:00:00Z\" data-if=\"used\" "
                    "data-field=\"used\">2027-01-15 09:00</time>") != std::string::npos);
}

TEST_CASE("a token ends: with its day, by its owner, a new password, a disabled account") {
  WithToken script;
  script.site.grant("ada@example.com", forever);
  const std::string token = script.make_for("order");
  CHECK(script.review(token).status() == 200);
  SUBCASE("ninety days") {
    script.site.now += token_life - 1s;
    CHECK(script.review(token).status() == 200);
    script.site.now += 1s;
  }
  SUBCASE("its owner") {
    const std::string eve = script.site.sign_up("eve@example.com");
    CHECK(script.site.post("tokens", {{"end", "1"}}, eve).status() == 404);
    CHECK(script.review(token).status() == 200);
    CHECK(script.site.post("tokens", {{"end", "1"}}, script.cookie).status() == 200);
  }
  SUBCASE("a new password") {
    CHECK(script.site
              .post("change-password",
                    {{"present", "correct horse"}, {"password", "purple monkeys"}}, script.cookie)
              .status() == 200);
  }
  SUBCASE("a disabled account") {
    script.site.change([&](Transaction& tx) {
      disable_account(tx, find_account(tx, "ada@example.com")->id, script.site.now);
    });
  }
  SUBCASE("a deleted account") {
    script.site.change([](Transaction& tx) { delete_account(tx, 1); });
  }
  CHECK(script.review(token).status() == 401);
}

TEST_CASE("a token that ends between the check and the write has no effect") {
  WithToken script;
  const std::string token = script.make_for("comments");
  script.site.store.just_before_write = [](Transaction& tx) { end_tokens(tx, 1); };
  const Response refused = script.send("POST", "comments", token, {{"message", "Hello"}});
  CHECK(refused.status() == 401);
  CHECK(script.site.all_rows()["comments"].empty());
}

TEST_CASE("a token takes a session of the last ten minutes, and a day within a year") {
  WithToken script;
  const auto with = [&](const std::string& until) {
    return script.make({{"actions", "reviews"}, {"until", until}}).status();
  };
  // The clock of the site under test is at 2027-01-15T08:00:00Z.
  const auto before = script.site.all_rows();
  CHECK(with("2027-01-14") == 422);
  CHECK(with("2028-01-16") == 422);
  script.site.now += 10min;
  CHECK(changed_tables(before, script.site.all_rows()).empty());
  CHECK(with("2027-01-15") == 200);
  CHECK(with("2028-01-15") == 200);
  CHECK(with("") == 200);
  script.site.now += 1s;
  CHECK(with("") == 422);
  const auto tokens = own_tokens(script.site.database.reader(), 1, script.site.now);
  REQUIRE(tokens.size() == 3);
  CHECK(tokens[0].ends_at == *from_rfc3339("2027-01-16T00:00:00Z"));
  CHECK(tokens[1].ends_at == *from_rfc3339("2028-01-15T08:10:00Z"));
}

TEST_CASE("a token lasts a year at most, also from the 29th of February on") {
  const auto end = [](const char* asked, const char* now) {
    const auto ends = token_end(*from_rfc3339(asked), *from_rfc3339(now));
    return ends ? to_rfc3339(*ends) : "none";
  };
  CHECK(end("2028-02-29T12:00:01Z", "2028-02-29T12:00:00Z") == "2028-02-29T12:00:01Z");
  CHECK(end("2028-02-29T12:00:00Z", "2028-02-29T12:00:00Z") == "none");
  CHECK(end("2029-03-01T00:00:00Z", "2028-02-29T12:00:00Z") == "2029-02-28T12:00:00Z");
  CHECK(end("2029-03-01T00:00:01Z", "2028-02-29T12:00:00Z") == "none");
  CHECK(end("2028-03-02T00:00:00Z", "2027-03-01T00:00:00Z") == "2028-03-01T00:00:00Z");
}

TEST_CASE("an account has fifty tokens") {
  WithToken script;
  script.site.change([&](Transaction& tx) {
    for (int at = 0; at < most_tokens; ++at)
      CHECK(make_token(tx, 1, {"reviews"}, script.site.now, script.site.now + 1min));
  });
  CHECK(script.make({{"actions", "reviews"}, {"until", ""}}).status() == 422);
  script.site.now += 1min;
  CHECK(script.make({{"actions", "reviews"}, {"until", ""}}).status() == 200);
}

}  // namespace
}  // namespace actiond
