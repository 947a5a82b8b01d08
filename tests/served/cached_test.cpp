// nginx caches a public view for its time, and nothing that depends on who asks.
#include <doctest/doctest.h>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const std::string members_page = R"(<!DOCTYPE html>
<html lang="en"><head><!-- frame: head --><title>Members</title></head><body>
<!-- frame: header -->
<main><p data-show="signed-in" hidden>You are <b data-user="name">nobody</b></p>
<output name="note"></output>
<ul><li data-each="members" data-field="name" hidden></li></ul></main>
<!-- frame: footer -->
</body></html>
)";

RunningSite::Options with_members_page() {
  return {.prepare = [](RunningSite& prepared) {
    write_file(prepared.own_pages() / "members.html", members_page);
  }};
}

// The names are those of the test, so that a page tells whom it was made after.
void add_member(const RunningSite& site, const std::string& name) {
  Client member(site);
  REQUIRE(
      member
          .post("sign-up",
                {{"email", name + "@example.com"}, {"password", Client::password}, {"name", name}})
          .status == 200);
}

struct CachedSite {
  RunningSite site{with_members_page()};
  Client visitor{site, as_browser};

  CachedSite() { add_member(site, "Ada"); }
};

const std::string members = "/actions/members";

std::string once_in(const Answer& answer) {
  const std::string before = "name=\"_once\" value=\"";
  const std::size_t at = answer.body.find(before);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + before.size();
  return answer.body.substr(begin, answer.body.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("a cached view is asked for once, and each visitor gets an id and a key of their own") {
  CachedSite cached;
  const Answer first = cached.visitor.get(members);
  CHECK(first.status == 200);
  CHECK(first.holds("Ada"));
  add_member(cached.site, "Grace");
  const Answer second = cached.visitor.get(members);
  CHECK(second.status == 200);
  CHECK(second.holds("Ada"));
  CHECK_FALSE(second.holds("Grace"));
  for (const Answer& answer : {first, second}) {
    CHECK(answer.headers.count("X-Request-Id") == 1);
    CHECK(answer.header("X-Request-Id").size() == 32);
    CHECK(once_in(answer) == answer.header("X-Request-Id"));
    CHECK(answer.header("Cache-Control") == "no-store");
    CHECK(answer.header("Vary") == "Accept, Cookie");
    CHECK(answer.headers.count("X-Accel-Expires") == 0);
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
  }
  CHECK(once_in(first) != once_in(second));
}

TEST_CASE("after its time a cached view is asked for again") {
  CachedSite cached;
  CHECK(cached.visitor.get("/actions/newest").holds("Ada"));
  add_member(cached.site, "Grace");
  CHECK(eventually([&] { return cached.visitor.get("/actions/newest").holds("Grace"); }));
}

TEST_CASE("S34 a member's page neither comes from the cache nor goes into it") {
  CachedSite cached;
  Client member(cached.site, as_browser);
  member.sign_in("Ada@example.com");
  REQUIRE_FALSE(member.cookie.empty());
  CHECK(member.get(members).holds("You are <b data-user=\"name\">Ada</b>"));
  const Answer anonymous = cached.visitor.get(members);
  CHECK(anonymous.holds("<b data-user=\"name\">nobody</b>"));
  CHECK(anonymous.holds("<p data-show=\"signed-in\" hidden>"));

  add_member(cached.site, "Grace");
  CHECK(member.get(members).holds("Grace"));
  CHECK(member.get(members).holds("You are <b data-user=\"name\">Ada</b>"));
  CHECK_FALSE(cached.visitor.get(members).holds("Grace"));
  // The other ways in which browsers and attackers write the same cookie.
  for (const std::string& cookie :
       {"theme=dark; " + member.cookie, "theme=dark;" + member.cookie, "\t" + member.cookie,
        member.cookie + "; " + member.cookie, std::string("session=nonsense"),
        std::string("__Host-session=nonsense")}) {
    CAPTURE(cookie);
    CHECK(cached.visitor.get(members, {{"Cookie", cookie}}).holds("Grace"));
  }
  CHECK_FALSE(cached.visitor.get(members).holds("Grace"));
}

TEST_CASE("cookies of others, such as a counter's, keep nobody from the cache") {
  CachedSite cached;
  CHECK(cached.visitor.get(members, {{"Cookie", "visits=3; theme=dark"}}).status == 200);
  add_member(cached.site, "Grace");
  CHECK_FALSE(cached.visitor.get(members, {{"Cookie", "visits=4"}}).holds("Grace"));
}

TEST_CASE("a note is seen by the visitor to whom it is carried, and by nobody else") {
  CachedSite cached;
  for (const bool is_warm : {false, true}) {
    CAPTURE(is_warm);
    const std::string set = cached.visitor.post("thank", {}).header("Set-Cookie");
    REQUIRE(set.starts_with("note="));
    const std::string note = set.substr(0, set.find(';'));
    const Answer noted = cached.visitor.get(members, {{"Cookie", note}});
    CHECK(noted.holds("<output name=\"note\">Thank you.</output>"));
    CHECK(noted.header("Set-Cookie").starts_with("note=;"));
    const Answer other = cached.visitor.get(members);
    CHECK(other.holds("<output name=\"note\"></output>"));
    CHECK(other.header("Set-Cookie").empty());
  }
}

TEST_CASE("answers to different questions do not mix") {
  CachedSite cached;
  add_member(cached.site, "Grace");
  const auto ask = [&](const std::string& query, const std::string& accept = as_browser) {
    return cached.visitor.get(members + query, {{"Accept", accept}});
  };
  for (int round = 0; round < 2; ++round) {
    CHECK(ask("?q=Ada").holds("Ada"));
    CHECK_FALSE(ask("?q=Ada").holds("Grace"));
    CHECK(ask("?q=Grace").holds("Grace"));
    CHECK(ask("?q=%47race").holds("Grace"));
    CHECK(ask("?q=a").holds("Ada"));
    CHECK(ask("?q=a").holds("Grace"));
    CHECK(ask("?q=Ada", as_json).header("Content-Type") == "application/json");
    CHECK(ask("?q=Ada", as_text).body == "Ada\n");
    const Answer csv = ask("?q=Ada&_format=csv");
    CHECK(csv.body == "\xEF\xBB\xBFname\r\nAda\r\n");
    CHECK(csv.headers.count("X-Content-Type-Options") == 1);
    CHECK(ask("?q=Ada").holds("<!DOCTYPE html>"));
  }
  // In two lines: nginx tells them apart by the first one alone.
  const std::string half = "text/html;q=0.5";
  const Answer both = cached.visitor.get(members, {{"Accept", half}, {"Accept", as_json}});
  CHECK(both.header("Content-Type") == "application/json");
  CHECK(ask("", half).header("Content-Type") == "text/html; charset=utf-8");
}

TEST_CASE("HEAD leaves no empty page for GET, and GET no body for HEAD") {
  CachedSite cached;
  CHECK(cached.visitor.send("HEAD", members).body.empty());
  CHECK(cached.visitor.get(members).holds("Ada"));
  const Answer head = cached.visitor.send("HEAD", members);
  CHECK(head.status == 200);
  CHECK(head.body.empty());
}

TEST_CASE("only a 200 is cached") {
  CachedSite cached;
  struct Row {
    std::string query;
    int status;
  };
  for (const auto& [query, status] :
       {Row{"?q=Grace", 404}, Row{"?q=longer+than+ten", 422}, Row{"?q=throw", 500},
        Row{"?q=a&q=b", 400}, Row{"?_format=xml", 406}, Row{"?q=" + std::string(2100, 'a'), 414}}) {
    CAPTURE(query.substr(0, 20));
    for (int time = 0; time < 2; ++time) {
      const Answer answer = cached.visitor.get(members + query, {{"Accept", as_json}});
      CHECK(answer.status == status);
      // One that was kept would name the request that it was made for.
      CHECK(answer.holds(answer.header("X-Request-Id")));
    }
  }
  CHECK(cached.visitor.send("POST", members).status == 405);
  CHECK(cached.visitor.get(members, {{"Authorization", "Bearer none"}}).status == 401);
  CHECK(cached.visitor.get(members).status == 200);
  CHECK(cached.visitor.get(members, {{"Authorization", "Bearer none"}}).status == 401);
  add_member(cached.site, "Grace");
  CHECK(cached.visitor.get(members + "?q=Grace").status == 200);
}

TEST_CASE("what is cached outlives the pool for its time, and what is not gets the page of 503") {
  CachedSite cached;
  CHECK(cached.visitor.get(members).status == 200);
  cached.site.stop_pool();
  CHECK(cached.visitor.get(members).status == 200);
  const Answer down = cached.visitor.get(members + "?q=Ada");
  CHECK(down.status == 503);
  CHECK(down.holds("Busy right now"));
  cached.site.start_pool();
}

}  // namespace actiond::http
