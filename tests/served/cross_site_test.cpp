// Requests that another site makes a browser send, and what passes for one of ours.
#include <doctest/doctest.h>

#include "served/attack.h"

namespace actiond::http {

TEST_CASE("S3 S4 S6 another origin is forbidden whatever the content type and the method") {
  Victim victim;
  const Tables before = all_rows(victim.site);
  const std::string cookie = victim.client.cookie;
  const std::string port = std::to_string(victim.site.port());
  const std::vector<std::string> origins{
      "http://evil.example",
      "null",
      "http://localhost",
      "https://localhost:" + port,
      "http://localhost:" + std::to_string(victim.site.port() + 1),
      "http://LOCALHOST:" + port,
      "http://127.0.0.1:" + port,
      victim.site.origin() + ".evil.example",
      victim.site.origin() + "/",
      "http://evil.example " + victim.site.origin(),
      "localhost:" + port};
  const std::vector<std::string> types{"application/x-www-form-urlencoded",
                                       "multipart/form-data; boundary=b",
                                       "text/plain",
                                       "TEXT/PLAIN",
                                       "Application/X-Www-Form-Urlencoded",
                                       "application/x-www-form-urlencoded; x",
                                       "",
                                       "application/json"};
  for (const std::string& origin : origins)
    for (const std::string& type : types)
      for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"})
        for (const SampleAction& action : every_action()) {
          const Answer answer =
              victim.client.send(method, "/actions/" + action.name, urlencoded(action.right()),
                                 {{"Origin", origin}, {"Content-Type", type}});
          if (answer.status == 403) continue;
          CAPTURE(origin);
          CAPTURE(type);
          CAPTURE(method);
          CAPTURE(action.name);
          CHECK(answer.status == 403);
        }
  CHECK(changes(before, all_rows(victim.site)) == "");
  CHECK(victim.client.cookie == cookie);
  CHECK(victim.client.signed_in());
}

TEST_CASE("S5 what the headers say of the sender decides, and nothing else they say") {
  Victim victim;
  const std::string own = victim.site.origin();
  struct Row {
    std::string what;
    Headers headers;
    int status;
  };
  const Headers none{{"Origin", ""}};
  const auto with = [](Headers headers, const Headers& more) {
    headers.insert(headers.end(), more.begin(), more.end());
    return headers;
  };
  const Headers evil{{"Origin", "http://evil.example"}};
  const std::vector<Row> rows{
      {"its own origin", {}, 200},
      {"a browser on the same page", with(none, {{"Sec-Fetch-Site", "same-origin"}}), 200},
      {"a browser says same-origin, whatever its Origin",
       with(evil, {{"Sec-Fetch-Site", "same-origin"}}), 200},
      {"cross-site, with the right Origin", {{"Sec-Fetch-Site", "cross-site"}}, 403},
      {"same-site is another site", {{"Sec-Fetch-Site", "same-site"}}, 403},
      {"somebody's own doing, from a page of ours", {{"Sec-Fetch-Site", "none"}}, 200},
      {"typed into the address bar", with(none, {{"Sec-Fetch-Site", "none"}}), 403},
      {"in upper case", {{"Sec-Fetch-Site", "Same-Origin"}}, 403},
      {"a list", {{"Sec-Fetch-Site", "same-origin, cross-site"}}, 403},
      {"with '_'", with(evil, {{"Sec_Fetch_Site", "same-origin"}}), 403},
      {"neither header, with a session", none, 403},
      {"neither header, with a session and a bearer", with(none, {{"Authorization", "Bearer x"}}),
       401},
      {"neither header, with a session and a password",
       with(none, {{"Authorization", "Basic eDp5"}}), 403},
      {"a bearer from another site", with(evil, {{"Authorization", "Bearer x"}}), 403},
      {"X-Forwarded-Host", with(evil, {{"X-Forwarded-Host", "evil.example"}}), 403},
      {"X-Forwarded-Host and no Origin", with(none, {{"X-Forwarded-Host", "evil.example"}}), 403},
      {"Host", with(evil, {{"Host", "evil.example"}}), 403},
      {"Host and no Origin", with(none, {{"Host", "evil.example"}}), 403},
      {"Referer", with(none, {{"Referer", own + "/comments.html"}}), 403},
      {"two origins", {{"Origin", own}, {"Origin", "http://evil.example"}}, 400},
      {"two sites", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}, 400},
      {"a method override", with(evil, {{"X-HTTP-Method-Override", "GET"}}), 403},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Tables before = all_rows(victim.site);
    const Answer answer = victim.client.post("order", {{"topic", "Wool"}}, row.headers);
    CHECK(answer.status == row.status);
    CHECK(changes(before, all_rows(victim.site)) ==
          (row.status == 200 ? "audit +1, reviews +1" : ""));
  }
}

TEST_CASE("a shell without a session needs no origin") {
  RunningSite site;
  CHECK(Client(site).post("comments", {{"message", "hi"}}, {{"Origin", ""}}).status == 200);
  CHECK(site.row_counts() == RowCounts{.comments = 1});
}

TEST_CASE("S5 an address in the request line is no origin") {
  Victim victim;
  const Tables before = all_rows(victim.site);
  const std::string body = "topic=Wool";
  for (const std::string& origin : {std::string("http://evil.example"), std::string()}) {
    CAPTURE(origin);
    const std::string answer =
        talk(victim.site,
             "POST http://evil.example/actions/order HTTP/1.1\r\nHost: localhost:" +
                 std::to_string(victim.site.port()) + "\r\nCookie: " + victim.client.cookie +
                 (origin.empty() ? "" : "\r\nOrigin: " + origin) +
                 "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    CHECK(status_of(answer) == 403);
  }
  CHECK(changes(before, all_rows(victim.site)) == "");
}

TEST_CASE("the refusal says what came, what was expected and which setting to change") {
  RunningSite site;
  for (const std::string& accept : {as_browser, as_json, as_text}) {
    const Answer answer =
        Client(site, accept)
            .post("comments", {{"message", "hi"}}, {{"Origin", "http://evil.example"}});
    for (const std::string& part :
         {std::string("http://evil.example"), site.origin(), std::string("site.origins")})
      CHECK_MESSAGE(answer.holds(part), answer.body);
  }
}

TEST_CASE("S7 reading changes nothing, and no method stands in for another") {
  Victim victim;
  const Tables before = all_rows(victim.site);
  const std::vector<Headers> overrides{{},
                                       {{"X-HTTP-Method-Override", "POST"}},
                                       {{"X-HTTP-Method", "POST"}},
                                       {{"X-Method-Override", "POST"}}};
  for (const SampleAction& action : every_action())
    for (const std::string method :
         {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "post", "BREW"})
      for (const Headers& override : overrides) {
        CAPTURE(action.name);
        CAPTURE(method);
        const bool reads = (method == "GET" || method == "HEAD") && action.has_page();
        const std::string fields = urlencoded(action.right()) + "&_method=POST";
        const Answer answer =
            victim.client.send(method, "/actions/" + action.name + "?" + fields, fields, override);
        CHECK(answer.status == (reads ? 200 : method == "post" ? 400 : 405));
      }
  CHECK(changes(before, all_rows(victim.site)) == "");
  CHECK(victim.client.signed_in());
  // Nor does a field turn a post into anything else.
  CHECK(victim.client.post("comments", {{"message", "hi"}, {"_method", "DELETE"}}).status == 200);
  CHECK(changes(before, all_rows(victim.site)) == "comments +1");
}

}  // namespace actiond::http
