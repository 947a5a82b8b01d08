// More than the pool can do: who waits in vain is told so at once, and the pages stay.
#include <doctest/doctest.h>

#include <csignal>
#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "served/client.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const std::string form = "message=under+load";

std::string comment_request(const RunningSite& site) {
  return "POST /actions/comments HTTP/1.1\r\nHost: localhost:" + std::to_string(site.port()) +
         "\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: " +
         std::to_string(form.size()) + "\r\nConnection: close\r\n\r\n" + form;
}

// Stopped until it goes on.
void signal_workers(const RunningSite& site, int signal) {
  for (const pid_t pid : site.workers()) CHECK(kill(pid, signal) == 0);
}

TEST_CASE(
    "what is more than 1024 at once gets our 503 at once; the rest is answered, and the pages "
    "too") {
  const RunningSite site;
  REQUIRE(eventually([&] { return site.workers().size() == 2; }));
  signal_workers(site, SIGSTOP);
  constexpr std::size_t at_once = 1024, surplus = 76;
  std::deque<Socket> visitors;
  for (std::size_t at = 0; at < at_once + surplus; ++at) {
    visitors.push_back(Socket::to_nginx(site));
    visitors.back().send(comment_request(site));
  }
  std::vector<std::string> refused;
  std::deque<Socket> waiting;
  // nginx answers them while nobody of us does.
  CHECK(eventually([&] {
    for (std::deque<Socket> all = std::exchange(visitors, {}); !all.empty(); all.pop_front()) {
      if (all.front().is_readable())
        refused.push_back(all.front().receive_all());
      else
        visitors.push_back(std::move(all.front()));
    }
    return refused.size() >= surplus;
  }));
  CHECK(refused.size() == surplus);
  for (const std::string& answer : refused) {
    CHECK(answer.starts_with("HTTP/1.1 503 "));
    CHECK(answer.find("\r\nRetry-After: 5\r\n") != answer.npos);
    CHECK(answer.find("\r\nContent-Type: application/problem+json\r\n") != answer.npos);
  }
  CHECK(Client(site).get("/index.html").status == 200);
  signal_workers(site, SIGCONT);
  for (const Socket& visitor : visitors) CHECK(visitor.receive_all().starts_with("HTTP/1.1 200 "));
  CHECK(site.row_counts().comments == at_once);
}

TEST_CASE("a worker that stands still is replaced, and who was at it is told by our own answer") {
  RunningSite site({.prepare = [](RunningSite& prepared) {
    prepared.edit("actiond.toml", "request_timeout = 20", "request_timeout = 1");
  }});
  site.expect_dead_workers();
  constexpr int visitors = 24;
  std::vector<Answer> answers(visitors);
  std::vector<std::thread> threads;
  for (int visitor = 0; visitor < visitors; ++visitor)
    threads.emplace_back([&site, &answer = answers[static_cast<std::size_t>(visitor)], visitor] {
      const std::string email = std::to_string(visitor) + "@example.com";
      answer = Client(site).post(
          "sign-up", {{"email", email}, {"name", "Ada"}, {"password", "correct horse"}});
    });
  // Some hash a password now.
  CHECK(eventually([&] {
    return site.actiond({"status", "--json"}).output.find("\"phase\":\"work\"") !=
           std::string::npos;
  }));
  const auto stopped = site.workers();
  signal_workers(site, SIGSTOP);
  for (std::thread& thread : threads) thread.join();
  int done = 0, refused = 0;
  for (const Answer& answer : answers) {
    if (answer.status == 200) ++done;
    if (answer.status == 503 && answer.header("Retry-After") == "5" &&
        answer.header("Content-Type") == "application/problem+json")
      ++refused;
  }
  CHECK(done + refused == visitors);
  CHECK(refused > 0);
  CHECK(site.row_counts().users >= done);
  CHECK(site.log().find("a request takes too long, and its worker ends") != std::string::npos);
  // In whichever phase it stood.
  CHECK(site.log().find(" action=sign-up phase=") != std::string::npos);
  // One that was at nothing just then looks like any that is idle, and goes on.
  for (const pid_t pid : stopped) kill(pid, SIGCONT);
  CHECK(Client(site).post("comments", {{"message", "hi"}}).status == 200);
  CHECK(eventually([&] { return site.workers().size() == 2; }));
}

}  // namespace
}  // namespace actiond::http
