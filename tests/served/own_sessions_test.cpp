// Sessions that a user ends: refused by every worker at the next request, and none comes back.
#include <doctest/doctest.h>

#include "served/client.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// Asked over many connections, so that every worker is.
int refusals(const RunningSite& site, const std::string& cookie) {
  int refused = 0;
  for (int connection = 0; connection < 20; ++connection) {
    Client again(site);
    again.cookie = cookie;
    refused += again.post("author", {{"name", "Eve"}}).status == 401;
  }
  return refused;
}

// The names of the sessions in the page, this browser's first.
std::vector<std::string> listed(Client& client) {
  const Answer page = client.get("/actions/sessions", {{"Accept", as_browser}});
  std::vector<std::string> names;
  const std::string start = "<button value=\"";
  for (std::size_t at = page.body.find(start); at != std::string::npos;
       at = page.body.find(start, at + 1)) {
    const std::size_t begin = at + start.size();
    names.push_back(page.body.substr(begin, page.body.find('"', begin) - begin));
  }
  return names;
}

std::string key_of(const std::string& cookie) {
  const std::size_t begin = cookie.find("v1.") + 3;
  return cookie.substr(begin, cookie.find('.', begin) - begin);
}

}  // namespace

TEST_CASE("a session that its user ends is refused by every worker at the next request") {
  RunningSite site;
  Client first(site), second(site), third(site);
  first.sign_up("ada@example.org");
  CHECK(second.sign_in("ada@example.org").status == 200);
  CHECK(third.sign_in("ada@example.org").status == 200);
  const Answer page = first.get("/actions/sessions", {{"Accept", as_browser}});
  check_promises(site, page);
  CHECK(page.holds("this browser"));
  const auto names = listed(first);
  REQUIRE(names.size() == 3);
  CHECK(listed(second).size() == 3);

  const std::string of_second = listed(second).front();
  CHECK(first.post("sessions", {{"end", of_second}}).status == 200);
  CHECK(refusals(site, second.cookie) == 20);
  CHECK(refusals(site, third.cookie) == 0);
  CHECK(site.row_counts().sessions == 2);

  CHECK(first.post("sessions", {{"end", "others"}}).status == 200);
  CHECK(refusals(site, third.cookie) == 20);
  CHECK(first.signed_in());
  CHECK(site.row_counts().sessions == 1);

  const std::string of_first = first.cookie;
  CHECK(first.post("sessions", {{"end", names.front()}}).status == 200);
  CHECK(first.cookie.empty());
  CHECK(refusals(site, of_first) == 20);
  CHECK(site.row_counts().sessions == 0);
}

TEST_CASE("a new password ends every other session, on every worker") {
  RunningSite site;
  Client first(site), second(site);
  first.sign_up("ada@example.org");
  CHECK(second.sign_in("ada@example.org").status == 200);
  const std::string old = first.cookie;
  CHECK(first.post("change-password", {{"present", "wrong"}, {"password", "battery staple horse"}})
            .status == 422);
  CHECK(site.row_counts().sessions == 2);
  CHECK(first
            .post("change-password",
                  {{"present", Client::password}, {"password", "battery staple horse"}})
            .status == 200);
  CHECK(first.cookie != old);
  CHECK(first.signed_in());
  CHECK(refusals(site, old) == 20);
  CHECK(refusals(site, second.cookie) == 20);
  CHECK(second.sign_in("ada@example.org").status == 422);
  CHECK(site.row_counts() == RowCounts{.users = 1, .sessions = 1});
  CHECK(site.query("SELECT name FROM users") == std::vector<std::string>{"Ada"});
}

TEST_CASE("after a new key a session in use moves on to it; dropping the old key ends the rest") {
  RunningSite site;
  Client active(site), idle(site);
  active.sign_up("ada@example.org");
  CHECK(idle.sign_in("ada@example.org").status == 200);
  const Fields review{{"topic", "Wool"}, {"_once", "k1"}};
  CHECK(site.actiond({"grant", "ada@example.org"}).exit_code == 0);
  const Answer first = active.post("order", review);
  CHECK(first.status == 200);
  const std::string old = active.cookie;

  CHECK(site.actiond({"key", "new"}).exit_code == 0);
  site.stop_pool();
  site.start_pool();
  CHECK(active.signed_in());
  CHECK(key_of(active.cookie) != key_of(old));
  CHECK(active.get("/actions/me").header("Set-Cookie").empty());
  // The submission that was sent before the rotation.
  const Answer again = active.post("order", review);
  CHECK(again.body == first.body);
  CHECK(again.header("Idempotent-Replayed") == "true");
  CHECK(site.row_counts().reviews == 1);

  CHECK(site.actiond({"key", "drop", key_of(old)}).exit_code == 0);
  site.stop_pool();
  site.start_pool();
  CHECK(refusals(site, old) == 20);
  CHECK(refusals(site, idle.cookie) == 20);
  CHECK(active.signed_in());
}

}  // namespace actiond::http
