// A visitor's way through the site: the curl lines of the README, and the cookie.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "served/client.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

std::string user_row(const RunningSite& site) {
  return site.query("SELECT name || '|' || website FROM users").front();
}

// How many requests each worker has answered.
std::map<pid_t, int> requests_of_workers(const RunningSite& site) {
  std::map<pid_t, int> requests;
  const auto status = nlohmann::json::parse(site.actiond({"status", "--json"}).output);
  for (const auto& worker : status["workers"]) requests[worker["pid"]] = worker["requests"];
  return requests;
}

}  // namespace

TEST_CASE("a visitor comments, signs up, pays, and loses access at the very next request") {
  RunningSite site;
  Client client(site);
  CHECK(client.post("comments", {{"message", "hello"}}).status == 200);
  CHECK(client.get("/actions/me").body == "{\"user\":null}\n");
  CHECK(client.post("author", {{"name", "Eve"}}).status == 401);

  CHECK(client
            .post("sign-up",
                  {{"email", "Ada@Example.org"}, {"password", Client::password}, {"name", "Ada"}})
            .status == 200);
  CHECK(
      client.post("author", {{"name", "Ada L."}, {"website", "https://example.org/ada"}}).status ==
      200);
  CHECK(user_row(site) == "Ada L.|https://example.org/ada");
  const Answer page = client.get("/actions/author", {{"Accept", as_browser}});
  CHECK(page.status == 200);
  CHECK(page.holds("value=\"Ada L.\""));
  check_promises(site, page);

  CHECK(client.post("order", {{"topic", "Wool"}}).status == 402);
  const Outcome granted = site.actiond({"grant", "ada@example.org"});
  CHECK(granted.exit_code == 0);
  CHECK(granted.output.find("access without end") != std::string::npos);
  CHECK(client.post("order", {{"topic", "Wool"}}).body ==
        "{\"ok\":true,\"data\":{\"review\":\"1\"}}\n");
  CHECK(client.get("/actions/me").body ==
        R"({"user":{"id":1,"email":"Ada@Example.org","name":"Ada L.","hasAccess":true,)"
        R"("accessUntil":null,"permissions":["paid"]}})"
        "\n");
  CHECK(site.actiond({"revoke", "ada@example.org"}).exit_code == 0);
  CHECK(client.post("order", {{"topic", "Wool"}}).status == 402);
  CHECK(site.row_counts() == RowCounts{.users = 1, .sessions = 1, .comments = 1, .reviews = 1});
  CHECK(site.query("SELECT pages FROM reviews") == std::vector<std::string>{"1"});
}

TEST_CASE("paid access ends by itself, and me says when") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  CHECK(site.actiond({"grant", "ada@example.org", "--until", "2999-01-31"}).exit_code == 0);
  CHECK(
      client.get("/actions/me").holds(R"("hasAccess":true,"accessUntil":"2999-01-31T23:59:59Z")"));
  CHECK(site.actiond({"grant", "ada@example.org", "--until", "2020-01-31"}).exit_code == 0);
  // A variable of the operator's shell that is empty is no access without end.
  CHECK(site.actiond({"grant", "ada@example.org", "--until", ""}).exit_code == 2);
  CHECK(client.post("order", {{"topic", "Wool"}}).status == 402);
  CHECK(site.row_counts().reviews == 0);
}

TEST_CASE("an operator ends sessions at once, on every worker") {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"sessions", "end", "ada@example.org"}, {"user", "disable", "ada@example.org"}}) {
    RunningSite site;
    Client client(site);
    client.sign_up("ada@example.org");
    REQUIRE(client.signed_in());
    CHECK(site.actiond(command).exit_code == 0);
    for (int connection = 0; connection < 20; ++connection)
      CHECK(Client(site).get("/actions/me", {{"Cookie", client.cookie}}).body ==
            "{\"user\":null}\n");
    CHECK(site.row_counts().sessions == 0);
    CHECK(client.sign_in("ada@example.org").status == (command[0] == "user" ? 422 : 200));
  }
}

TEST_CASE("a grant that is given or taken counts at once, on every worker") {
  const RunningSite site({.workers = 3});
  Client ada(site);
  ada.sign_up("ada@example.org");
  // All statuses that come until every worker has answered; many ask at once, so that they do.
  const auto statuses = [&](const std::function<Answer(Client&)>& ask) {
    const auto before = requests_of_workers(site);
    const auto all_answered = [&] {
      const auto now = requests_of_workers(site);
      return std::ranges::all_of(
          before, [&](const auto& worker) { return now.at(worker.first) > worker.second; });
    };
    std::mutex mutex;
    std::set<int> seen;
    for (int round = 0; round == 0 || !all_answered(); ++round) {
      REQUIRE(round < 100);
      std::vector<std::jthread> visitors;
      for (int visitor = 0; visitor < 12; ++visitor)
        visitors.emplace_back([&] {
          Client client(site);
          client.cookie = ada.cookie;
          const int status = ask(client).status;
          const std::lock_guard lock(mutex);
          seen.insert(status);
        });
    }
    return seen;
  };
  const auto count = [](Client& client) { return client.get("/actions/comment-count"); };
  const auto order = [](Client& client) { return client.post("order", {{"topic", "Wool"}}); };
  const auto command = [&](const std::vector<std::string>& words) {
    CHECK(site.actiond(words).exit_code == 0);
  };
  CHECK(statuses(count) == std::set{403});
  command({"permit", "ada@example.org", "editor"});
  CHECK(statuses(count) == std::set{200});
  command({"forbid", "ada@example.org", "editor"});
  CHECK(statuses(count) == std::set{403});
  command({"permit", "ada@example.org", "editor", "--until", "2020-01-31"});
  CHECK(statuses(count) == std::set{403});
  CHECK(statuses(order) == std::set{402});
  command({"grant", "ada@example.org"});
  CHECK(statuses(order) == std::set{200});
  command({"revoke", "ada@example.org"});
  CHECK(statuses(order) == std::set{402});
}

TEST_CASE(
    "P20 a form on a static page comes back with its text when the session has ended meanwhile") {
  RunningSite site;
  Client visitor(site, as_browser);
  const auto key_of_page = [&] {
    const std::string page = visitor.get("/comments.html").body;
    const std::string_view before = "name=\"_once\" value=\"";
    const std::size_t at = page.find(before) + before.size();
    return page.substr(at, page.find('"', at) - at);
  };
  CHECK(key_of_page().size() == 32);
  visitor.cookie = "other-session=v1.x; asession=v1.x";
  CHECK(key_of_page().size() == 32);
  visitor.cookie = "";
  visitor.sign_up("ada@example.com");
  const std::string key = key_of_page();
  CHECK(key.size() == 33);
  visitor.post("sign-out", {});
  CHECK(visitor.cookie.empty());
  const Answer answer = visitor.post("author", {{"name", "Late"}, {"_once", key}});
  CHECK(answer.status == 401);
  CHECK(answer.holds("value=\"Late\""));
}

TEST_CASE("S9 a cookie that was signed out is dead on every worker; another browser lives on") {
  RunningSite site;
  Client first(site), second(site);
  first.sign_up("ada@example.org");
  CHECK(second.sign_in("ada@example.org").status == 200);
  const std::string replayed = first.cookie;
  CHECK(first.post("sign-out", {}).status == 200);
  CHECK(first.cookie.empty());
  for (int connection = 0; connection < 20; ++connection) {
    Client again(site);
    again.cookie = replayed;
    CHECK_FALSE(again.signed_in());
    CHECK(again.post("author", {{"name", "Eve"}}).status == 401);
  }
  CHECK(second.signed_in());
  CHECK(user_row(site) == "Ada|");
  CHECK(site.row_counts() == RowCounts{.users = 1, .sessions = 1});
}

TEST_CASE("S27 signing in makes a new session, and the browser's old one is dead") {
  RunningSite site;
  Client client(site), planted(site);
  client.sign_up("ada@example.org");
  const std::string old = client.cookie;
  CHECK(client.sign_in("ada@example.org").status == 200);
  CHECK(client.cookie != old);
  CHECK(client.signed_in());
  CHECK(Client(site).get("/actions/me", {{"Cookie", old}}).body == "{\"user\":null}\n");
  CHECK(site.row_counts().sessions == 1);

  // A session that somebody planted is not the one that its victim signs in to.
  planted.cookie = client.cookie;
  CHECK(planted.sign_in("ada@example.org").status == 200);
  CHECK(planted.cookie != client.cookie);
  CHECK_FALSE(client.signed_in());
}

TEST_CASE("the cookie is for this host alone: over http, and over https with its prefix") {
  RunningSite site({.https = true});
  for (const bool https : {false, true}) {
    CAPTURE(https);
    Client client(site, as_browser, https);
    const std::string email = https ? "s@example.org" : "p@example.org";
    const Answer answer =
        client.post("sign-up", {{"email", email}, {"password", Client::password}, {"name", "Ada"}});
    REQUIRE(answer.status == 303);
    const std::string set = answer.header("Set-Cookie");
    const std::size_t value_end = set.find(';');
    const std::string value = set.substr(0, value_end);
    CHECK(set.substr(value_end) ==
          std::string("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax") +
              (https ? "; Secure" : ""));
    CHECK(value.starts_with(https ? "__Host-session=v1." : "session=v1."));
    CHECK(client.signed_in());
    // The name of the other scheme means nothing here.
    const std::string bare = value.substr(value.find('='));
    const std::string other = (https ? "session" : "__Host-session") + bare;
    CHECK(client.get("/actions/me", {{"Cookie", other}}).body == "{\"user\":null}\n");
    const Answer ended = client.post("sign-out", {});
    CHECK(ended.header("Set-Cookie").find("=; Path=/; Max-Age=0; HttpOnly") != std::string::npos);
    CHECK_FALSE(client.signed_in());
  }
  CHECK(site.row_counts() == RowCounts{.users = 2});
}

TEST_CASE("the audit tells who did what, under the request id that the visitor saw") {
  RunningSite site;
  Client client(site);
  client.sign_up("ada@example.org");
  const std::string request_id = client.post("author", {{"name", "Ada L."}}).header("X-Request-Id");
  CHECK(client.post("author", {{"name", ""}}).status == 422);
  CHECK(client.post("order", {{"topic", "Wool"}}).status == 402);
  const Outcome all = site.actiond({"audit"});
  CHECK(all.exit_code == 0);
  CHECK_MESSAGE(all.output.ends_with("Z\t" + request_id + "\tauthor\tada@example.org\tredirect\n"),
                all.output);
  CHECK(std::count(all.output.begin(), all.output.end(), '\n') == 1);
  CHECK(site.actiond({"audit", "--since", "2h", "--user", "ada@example.org"}).output == all.output);
  CHECK(site.actiond({"audit", "--since", "2999-01-31"}).output.empty());
  CHECK(site.actiond({"audit", "--json"})
            .output.ends_with(R"("requestId":")" + request_id +
                              R"(","action":"author","userId":1,"user":"ada@example.org",)"
                              R"("outcome":"redirect"})"
                              "\n"));
  CHECK(site.actiond({"audit", "--user", "eve@example.org"}).exit_code == 1);
  CHECK(site.actiond({"audit", "--since", "yesterday"}).exit_code == 2);
  CHECK(site.actiond({"audit", "--user", ""}).exit_code == 2);
  CHECK(site.actiond({"spam", "drop", ""}).exit_code == 2);
}

TEST_CASE("what looks like spam is listed, released and dropped by an operator") {
  RunningSite site;
  Client client(site);
  for (const std::string message : {"one", "two three \x1b[2J", "four"})
    CHECK(client.post("comments", {{"message", message}, {"homepage", "x"}}).status ==
          (message.size() > 5 ? 422 : 200));
  CHECK(site.row_counts() == RowCounts{});
  const Outcome listed = site.actiond({"spam", "list"});
  CHECK(listed.exit_code == 0);
  CHECK_MESSAGE(listed.output.find("comments\t{\"message\":\"one\"}\n2\t") != std::string::npos,
                listed.output);
  CHECK(site.actiond({"spam", "release", "1"}).output == "1: released to comments\n");
  CHECK(site.actiond({"spam", "release", "1"}).exit_code == 1);
  CHECK(site.actiond({"spam", "drop", "2"}).output == "2: dropped\n");
  CHECK(site.actiond({"spam", "drop", "2"}).exit_code == 1);
  CHECK(site.actiond({"spam", "list"}).output.empty());
  CHECK(site.row_counts() == RowCounts{.comments = 1});
  CHECK(site.query("SELECT message FROM comments") == std::vector<std::string>{"one"});
}

TEST_CASE("a name sent with line ends and tabs makes no line and no column of the list of users") {
  RunningSite site;
  CHECK(Client(site)
            .post("sign-up", {{"email", "eve@example.org"},
                              {"password", Client::password},
                              {"name", "Eve\\\nroot@example.org\tid 7\tRoot\r"}})
            .status == 200);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"user", "list"}, {"user", "show", "eve@example.org"}})
    CHECK(
        site.actiond(command).output ==
        "eve@example.org\tid 1\tEve\\\\root@example.org\\x09id 7\\x09Root\tno access\t1 session\n");
}

TEST_CASE("no visitor's key stands for the release of what is held") {
  RunningSite site;
  Client client(site);
  for (const std::string key : {"held-1", "1", "spam-1"})
    CHECK(client.post("comments", {{"message", "first"}}, {{"Idempotency-Key", key}}).status ==
          200);
  CHECK(client.post("comments", {{"message", "held"}, {"homepage", "x"}}).status == 200);
  CHECK(site.actiond({"spam", "release", "1"}).output == "1: released to comments\n");
  CHECK(site.query("SELECT message FROM comments WHERE message <> 'first'") ==
        std::vector<std::string>{"held"});
}

TEST_CASE("the program calls an action as a request would, and earns its proof") {
  RunningSite site;
  Client(site).sign_up("ada@example.org");
  struct Row {
    std::vector<std::string> command;
    int exit_code;
    std::string holds;
    RowCounts effect;
  };
  const std::vector<Row> rows{
      {{"call", "comments", "message=hi"}, 0, "ok\n", {.comments = 1}},
      {{"call", "comments"}, 1, "error message: This field is required.", {}},
      {{"call", "author", "name=Eve"}, 1, "error Sign in first.", {}},
      {{"call", "author", "name=Grace", "--as", "ada@example.org"}, 0, "ok\n", {}},
      {{"call", "order", "topic=Wool", "--as", "ada@example.org"}, 1, "paid access", {}},
      {{"call", "order", "topic=Wool", "--as", "nobody@example.org"}, 1, "there is no account", {}},
      {{"call", "no-such"}, 1, "no such action", {}},
      {{"call"}, 2, "NAME", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.holds);
    const RowCounts before = site.row_counts();
    const Outcome outcome = site.actiond(row.command);
    CHECK(outcome.exit_code == row.exit_code);
    CHECK_MESSAGE(outcome.output.find(row.holds) != std::string::npos, outcome.output);
    CHECK(site.row_counts() == before + row.effect);
  }
  CHECK(user_row(site) == "Grace|");
}

}  // namespace actiond::http
