// S25, S26: guessing at accounts through real nginx and a real pool.  What is counted is looked at
// in the database: it does not depend on how fast this machine is.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "access/api_token.h"
#include "access/device.h"
#include "access/key_ring.h"
#include "served/client.h"
#include "served/promises.h"
#include "served/site.h"

namespace actiond::http {
namespace {

const std::string ada = "ada@example.org";

Answer guess(const RunningSite& site, const std::string& email, const Headers& headers = {}) {
  return Client(site).post("sign-in", {{"email", email}, {"password", "wrong horse"}}, headers);
}

// The device cookie that `answer` sets, as it is sent back.
std::string device_of(const Answer& answer) {
  const auto [begin, end] = answer.headers.equal_range("Set-Cookie");
  for (auto at = begin; at != end; ++at)
    if (at->second.starts_with("device=")) return at->second.substr(0, at->second.find(';'));
  return "";
}

// That no counted try came earlier than it might: five at once, then 10, 20, 40 … seconds later.
void check_waits(const RunningSite& site) {
  const auto times =
      site.query("SELECT tried_at FROM attempts WHERE owner IS NOT NULL ORDER BY tried_at");
  CHECK(times.size() <= 10);
  for (std::size_t at = 5; at < times.size(); ++at)
    CHECK(std::stoll(times[at]) - std::stoll(times[at - 1]) >= 10 << (at - 5));
}

// Without fields: what nginx lets through is a 422 that costs nothing and counts nothing.
std::vector<Socket> send_at_once(const RunningSite& site, const std::string& action, int times) {
  std::vector<Socket> sent;
  for (int at = 0; at < times; ++at) {
    sent.push_back(Socket::to_nginx(site));
    sent.back().send("POST /actions/" + action +
                     " HTTP/1.1\r\nHost: localhost:" + std::to_string(site.port()) +
                     "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: 0\r\nConnection: close\r\n\r\n");
  }
  return sent;
}

// Of those that failed; sign-ups that succeeded, and their mails, are counted without an owner.
int count(const RunningSite& site, const std::string& what) {
  return std::stoi(
      site.query("SELECT count(" + what + ") FROM attempts WHERE owner IS NOT NULL").front());
}

}  // namespace

TEST_CASE("S25 tries at one account, at once on every worker and from many claimed addresses") {
  RunningSite site;
  Client owner(site);
  owner.sign_up(ada);
  const Answer first = owner.sign_in(ada);
  const std::string device = device_of(first);
  REQUIRE(device.starts_with("device=v1."));
  CHECK(count(site, "*") == 0);
  const RowCounts before = site.row_counts();

  std::array<Answer, 24> answers;
  const auto everybody_guesses = [&] {
    std::vector<std::thread> guessers;
    for (std::size_t at = 0; at < answers.size(); ++at)
      guessers.emplace_back([&, at] {
        const std::string address = "198.51.100." + std::to_string(at);
        answers[at] = guess(site, ada,
                            {{"X-Forwarded-For", address},
                             {"X-Real-Ip", address},
                             {"Forwarded", "for=" + address},
                             {"True-Client-Ip", address},
                             {"Cf-Connecting-Ip", address},
                             {"X-Client-Ip", address},
                             {"Remote-Addr", address},
                             {"Remote_Addr", address},
                             {"Cookie", "device=v1.x." + std::to_string(at) + ".y"}});
      });
    for (std::thread& guesser : guessers) guesser.join();
  };
  int hashed = 0, refused = 0;
  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    everybody_guesses();
    for (const Answer& answer : answers) {
      hashed += answer.status == 422;
      refused += answer.status == 429;
      CHECK((answer.status == 422 || answer.status == 429));
      if (answer.status == 429) check_promises(site, answer);
    }
    CHECK(hashed >= 5);
    CHECK(refused > 0);
    CHECK(count(site, "*") == hashed);
    CHECK(count(site, "DISTINCT network") == 1);
    check_waits(site);
    if (restarted) break;
    site.stop_pool();
    site.start_pool();
  }
  CHECK(site.row_counts() == before);

  // The owner's browser goes on; a session that it signed in to earlier does too.
  CHECK(owner.signed_in());
  const Answer again = Client(site).post(
      "sign-in", {{"email", ada}, {"password", Client::password}}, {{"Cookie", device}});
  CHECK(again.status == 200);
  CHECK(device_of(again) == device);
  CHECK(count(site, "*") == hashed);
}

TEST_CASE("S25 the sender is who nginx says, and realip decides whom nginx believes") {
  for (const bool behind_proxy : {false, true}) {
    CAPTURE(behind_proxy);
    RunningSite::Options options;
    if (behind_proxy)
      options.prepare = [](RunningSite& site) {
        site.edit(
            "site.conf", "index index.html;",
            "set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\nindex index.html;");
      };
    RunningSite site(options);
    int sent = 0;
    for (const std::string address : {"192.0.2.1", "192.0.2.2", "2001:db8:1:2::1",
                                      "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "192.0.2.1"})
      CHECK(guess(site, "user" + std::to_string(sent++) + "@example.org",
                  {{"X-Forwarded-For", address}, {"X-Real-Ip", "192.0.2.99"}})
                .status == 422);
    CHECK(count(site, "*") == 6);
    CHECK(count(site, "DISTINCT account") == 6);
    CHECK(count(site, "DISTINCT network") == (behind_proxy ? 4 : 1));
  }
}

TEST_CASE(
    "S25 nginx holds back who sends passwords too fast, in the form asked for, and no one else") {
  RunningSite site({.limited_rate = true});
  for (const auto& [accept, type] :
       std::vector<std::pair<std::string, std::string>>{{as_browser, "text/html"},
                                                        {as_json, "application/problem+json"},
                                                        {as_text, "text/plain"}})
    for (const std::string action : {"sign-in", "sign-up"}) {
      CAPTURE(accept);
      CAPTURE(action);
      Client client(site, accept);
      Answer answer;
      std::chrono::steady_clock::time_point asked;
      for (int tries = 0; tries < 20 && answer.status != 429; ++tries) {
        const auto others = send_at_once(site, action, 150);
        asked = std::chrono::steady_clock::now();
        answer = client.post(action, {});
        CHECK((answer.status == 422 || answer.status == 429));
      }
      REQUIRE(answer.status == 429);
      // A client that asks again as soon as it has an answer asks seldom.
      CHECK(std::chrono::steady_clock::now() - asked >= std::chrono::seconds(1));
      CHECK(answer.header("Content-Type").starts_with(type));
      CHECK(answer.header("Retry-After") == "5");
      CHECK(answer.holds("from your network"));
      check_promises(site, answer);
      CHECK(client.get("/actions/" + action).status == 200);
      CHECK(client.post("sign-out", {}).status != 429);
      CHECK(Client(site).post("comments", {{"message", "hi"}}).status == 200);
    }
  CHECK(count(site, "*") == 0);
  CHECK(site.row_counts() == RowCounts{.comments = 6});
  CHECK(read_file(site.folder() / "log/nginx.log").find("limiting requests") == std::string::npos);
}

TEST_CASE("S25 as many as an office sends at once pass nginx's limit, some of them later") {
  const RunningSite site({.limited_rate = true});
  for (const Socket& sent : send_at_once(site, "sign-in", 100))
    CHECK(status_of(sent.receive_all()) == 422);
}

TEST_CASE("S25 nginx takes the addresses of one IPv6 /64 for one network, and others for others") {
  // As behind a proxy that is trusted: the address is the one that it names.
  const RunningSite site({.limited_rate = true, .prepare = [](RunningSite& prepared) {
                            prepared.edit("http.conf", "rate=20r/s", "rate=1r/m");
                            for (int action = 0; action < 3; ++action)
                              prepared.edit("limits.conf", "delay=40", "nodelay");
                            prepared.edit("site.conf", "limit_rate $actiond_pace;", "");
                            prepared.edit("nginx.conf", "include http.conf;",
                                          "include http.conf;\n    set_real_ip_from 127.0.0.1;\n"
                                          "    real_ip_header X-Forwarded-For;");
                          }});
  Client client(site);
  const auto sign_in_from = [&client](const std::string& address) {
    return client.post("sign-in", {}, {{"X-Forwarded-For", address}}).status;
  };
  // Each network may send 100 at once.
  for (const std::string network : {"2001:db8:1:2:", "2001:db8:3:"}) {
    CAPTURE(network);
    int refused = 0;
    for (int host = 0; host < 120; ++host)
      if (sign_in_from(network + ":" + std::to_string(host)) == 429) ++refused;
    CHECK(refused > 0);
    CHECK(refused <= 20);
  }
  for (const std::string other :
       {"2001:db8:1:3::1", "2001:db8:4::1", "::1", "192.0.2.1", "192.0.2.2"}) {
    CAPTURE(other);
    CHECK(sign_in_from(other) == 422);
  }
}

TEST_CASE("S25 a device cookie over https has its prefix; neither scheme takes the other's") {
  RunningSite site({.https = true});
  Client plain(site), secure(site, as_json, true);
  plain.sign_up(ada);
  const KeyRing keys = KeyRing::parse(read_file(site.folder() / "keys"));
  const Fields fields{{"email", ada}, {"password", "wrong horse"}};
  const std::string token = sign(DeviceId::make(), ada, keys);
  plain.post("sign-in", fields, {{"Cookie", "device=" + token}});
  secure.post("sign-in", fields, {{"Cookie", "__Host-device=" + token}});
  CHECK(count(site, "DISTINCT account") == 1);  // the same known device
  plain.post("sign-in", fields, {{"Cookie", "__Host-device=" + token}});
  secure.post("sign-in", fields, {{"Cookie", "device=" + token}});
  secure.post("sign-in", fields);
  CHECK(count(site, "DISTINCT account") == 2);  // and a stranger
  const Answer answer = secure.sign_in(ada);
  CHECK(answer.headers.count("Set-Cookie") == 2);
}

TEST_CASE("S25 tokens that are guessed at once count a hundred tries, and stop nobody else") {
  const RunningSite site({.workers = 2, .threads = 8});
  Client owner(site);
  owner.sign_up(ada);
  const Outcome made = site.actiond({"token", "new", ada, "--actions", "reviews"});
  const std::string token = made.output.substr(made.output.find("actd_"), 41);
  const Headers good{{"Authorization", "Bearer " + token}};
  std::atomic<int> unknown = 0, too_many = 0, others = 0;
  std::vector<std::jthread> guessers;
  for (int guesser = 0; guesser < 8; ++guesser)
    guessers.emplace_back([&] {
      Client client(site);
      for (int at = 0; at < 40; ++at) {
        const Headers wrong{{"Authorization", "Bearer " + new_api_token()}};
        const int status = client.get("/actions/reviews", wrong).status;
        ++(status == 401 ? unknown : status == 429 ? too_many : others);
      }
    });
  guessers.clear();
  CHECK(unknown == 100);
  CHECK(too_many == 220);
  CHECK(others == 0);
  CHECK(
      site.query("SELECT count(*) FROM attempts WHERE account IS NULL AND owner IS NULL").front() ==
      "101");  // and who signed up
  CHECK(Client(site).get("/actions/reviews", good).status == 200);
  CHECK(Client(site).sign_in(ada).status == 200);
  const auto status = nlohmann::json::parse(site.actiond({"status", "--json"}).output);
  CHECK(status["tokenRequests"] == 321);
  CHECK(status["refusals"]["wrong_token"] == 100);
}

}  // namespace actiond::http
