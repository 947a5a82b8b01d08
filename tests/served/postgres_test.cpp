// A server of its own that is killed, hangs and comes back; two hosts that serve one site.
#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "served/client.h"
#include "served/process.h"
#include "served/site.h"

namespace actiond::http {
namespace {

// The cluster that `scripts/serve --postgres` makes, in a folder of the test's own.
class Cluster {
 public:
  Cluster() {
    start();
    setenv("ACTIOND_TEST_POSTGRES",
           ("postgresql:///?user=postgres&host=" + folder_.string()).c_str(), 1);
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;
  ~Cluster() {
    unsetenv("ACTIOND_TEST_POSTGRES");
    unsetenv("ACTIOND_DATABASE");
    server_->signal(SIGINT);  // whoever is connected has to go
    CHECK(server_->wait() == 0);
  }

  void start() {
    server_ = std::make_unique<Process>(
        std::vector<std::string>{project_folder() / "scripts/postgres", folder_}, home_ / "log");
    REQUIRE(eventually([&] {
      REQUIRE_MESSAGE(server_->running(), test::read_file(home_ / "log"));
      return run({"/usr/lib/postgresql/15/bin/pg_isready", "-q", "-U", "postgres", "-d", "postgres",
                  "-h", folder_})
                 .exit_code == 0;
    }));
  }
  // Its first process and no other: those that serve connections end by themselves.
  void kill_first() {
    kill(server_->pid(), SIGKILL);
    CHECK(server_->wait() == 128 + SIGKILL);
    CHECK(eventually([&] { return !server_->leaves_some(); }));
  }
  void signal_all(int signal) const {
    server_->signal(signal);
    for (const pid_t child : children_of(server_->pid())) kill(child, signal);
  }

 private:
  test::TemporaryFolder home_;
  const std::filesystem::path folder_ = home_ / "postgres";
  std::unique_ptr<Process> server_;
};

constexpr std::string_view unknown_outcome = "\"outcome\":\"unknown\"";

// Sends message after message, each until it is acknowledged, and says of every answer what it is.
struct Sender {
  Sender(const RunningSite& site, std::string sent_by) : client(site), name(std::move(sent_by)) {}

  void send_until(const std::atomic<bool>& ends) {
    while (!ends) {
      const std::string message = name + "-" + std::to_string(acknowledged);
      const Answer answer = client.post("comments", {{"message", message}, {"_once", message}});
      if (answer.status == 200) {
        ++acknowledged;
      } else {
        if (answer.status != 503) ++others;
        if (answer.holds(unknown_outcome)) ++unknown;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    }
  }

  Client client;
  const std::string name;
  int acknowledged = 0, unknown = 0, others = 0;
};

TEST_CASE("a server that is killed again and again loses nothing that was acknowledged") {
  Cluster cluster;
  const RunningSite site({.threads = 16});
  std::atomic<bool> ends = false;
  std::vector<Sender> senders;
  for (int at = 0; at < 8; ++at) senders.emplace_back(site, "s" + std::to_string(at));
  std::vector<std::jthread> threads;
  for (Sender& sender : senders) threads.emplace_back([&] { sender.send_until(ends); });
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    cluster.kill_first();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    cluster.start();
    CHECK(eventually([&] {
      return Client(site).post("comments", {{"message", "x"}}).status == 200;
    }));
  }
  ends = true;
  threads.clear();
  int acknowledged = 0, unknown = 0;
  for (const Sender& sender : senders) {
    acknowledged += sender.acknowledged;
    unknown += sender.unknown;
    CHECK(sender.others == 0);
    // The last one may be there although nobody was told.
    const auto stored = site.query("SELECT message FROM comments WHERE message LIKE '" +
                                   sender.name + "-%' ORDER BY id");
    CHECK(stored.size() >= static_cast<std::size_t>(sender.acknowledged));
    CHECK(stored.size() <= static_cast<std::size_t>(sender.acknowledged) + 1);
    for (std::size_t at = 0; at < stored.size(); ++at)
      CHECK(stored[at] == sender.name + "-" + std::to_string(at));
  }
  MESSAGE(acknowledged, " acknowledged, ", unknown, " answers that did not know");
  CHECK(acknowledged > 50);
}

TEST_CASE("while a server hangs what needs no data is answered, and it comes back") {
  Cluster cluster;
  const RunningSite site({.threads = 16});
  Client client(site);
  client.sign_up("ada@example.com");
  const std::string forged = "session=v1.aaaaaa.AAAA.AAAA";
  cluster.signal_all(SIGSTOP);
  std::vector<std::jthread> waiting;
  std::atomic<int> busy = 0, told_wrong = 0;
  for (int at = 0; at < 24; ++at)
    waiting.emplace_back([&] {
      Client visitor(site);
      visitor.cookie = client.cookie;
      const int status = visitor.get("/actions/me").status;
      ++(status == 503 ? busy : told_wrong);
    });
  waiting.clear();  // all were told while it hung
  CHECK(busy == 24);
  CHECK(told_wrong == 0);
  CHECK(Client(site).get("/comments.html").status == 200);
  CHECK(Client(site).get("/actions/author", {{"Cookie", forged}}).status == 401);
  CHECK(Client(site).post("comments", {{"message", "x"}}).status == 503);
  cluster.signal_all(SIGCONT);
  // Each worker finds it out by itself.
  CHECK(eventually([&] { return client.signed_in(); }));
  CHECK(eventually([&] { return client.post("author", {{"name", "Ada"}}).status == 200; }));
}

TEST_CASE(
    "while no standby answers writes are refused at once, reads go on, and few commits wait") {
  Cluster cluster;
  const RunningSite site({.threads = 16});
  Client ada(site);
  ada.sign_up("ada@example.com");
  const auto demand = [&](const std::string& standby) {
    site.query("ALTER SYSTEM SET synchronous_standby_names = '" + standby + "'");
    site.query("SELECT pg_reload_conf()");
  };
  const auto waiting = [&] {
    return std::stoi(
        site.query("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").front());
  };
  std::atomic<bool> ends = false;
  std::vector<Sender> senders;
  for (int at = 0; at < 40; ++at) senders.emplace_back(site, "s" + std::to_string(at));
  std::vector<std::jthread> threads;
  for (Sender& sender : senders) threads.emplace_back([&] { sender.send_until(ends); });
  demand("nobody");
  const auto refused = [&] {
    const Answer answer = Client(site).post("comments", {{"message", "refused"}});
    return answer.status == 503 && !answer.holds(unknown_outcome);
  };
  // Each worker finds it out by itself.
  CHECK(eventually([&] {
    for (int at = 0; at < 50; ++at)
      if (!refused()) return false;
    return true;
  }));
  // As many as the workers have connections, however long it lasts and however many are told.
  int otherwise = 0;
  for (int at = 0; at < 400; ++at)
    if (!refused()) ++otherwise;
  CHECK(otherwise == 0);
  CHECK(ada.signed_in());
  CHECK(waiting() > 0);
  CHECK(waiting() <= 16);
  demand("");
  CHECK(eventually([&] { return ada.post("author", {{"name", "Ada"}}).status == 200; }));
  ends = true;
  threads.clear();
  CHECK(waiting() == 0);
  for (const Sender& sender : senders) {
    CHECK(sender.others == 0);
    const auto stored = site.query(
        "SELECT count(*), count(DISTINCT message) FROM comments WHERE "
        "message LIKE '" +
        sender.name + "-%'");
    const std::string count = std::to_string(sender.acknowledged);
    const std::string more = std::to_string(sender.acknowledged + 1);
    // The last one may be there although nobody was told.
    CHECK((stored.front() == count + "|" + count || stored.front() == more + "|" + more));
  }
}

TEST_CASE("two hosts: the same submissions sent to both have one effect each") {
  Cluster cluster;
  const RunningSite one, other({.beside = &one});
  std::atomic<int> wrong = 0;
  const auto send_all = [&](const RunningSite& site) {
    Client client(site);
    for (int at = 0; at < 200; ++at) {
      const std::string key = "k" + std::to_string(at);
      int status = 503;
      while (status == 503)
        status = client.post("comments", {{"message", key}, {"_once", key}}).status;
      if (status != 200) ++wrong;
    }
  };
  {
    const std::jthread here([&] { send_all(one); }), there([&] { send_all(other); });
    const std::jthread again([&] { send_all(one); });
  }
  CHECK(wrong == 0);
  CHECK(one.query("SELECT count(*), count(DISTINCT message) FROM comments").front() == "200|200");
}

TEST_CASE("two hosts: an upload that one took the other sends, and one that is discarded goes") {
  Cluster cluster;
  const RunningSite one, other({.beside = &one});
  Client ada(one);
  ada.sign_up("ada@example.com");
  const auto send_picture = [&](const std::string& rest) {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a.png\"\r\n"
        "Content-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n" +
        rest + "\r\n--b--\r\n";
    CHECK(ada.send("POST", "/actions/author", body,
                   {{"Content-Type", "multipart/form-data; boundary=b"}})
              .status == 200);
    return "/uploads/" + one.query("SELECT avatar FROM users").front();
  };
  const std::string large(600'000, 'x');
  const std::string first = send_picture(large);
  for (int time = 0; time < 2; ++time)
    for (const RunningSite* site : {&other, &one}) {
      const Answer answer = Client(*site).get(first);
      CHECK(answer.status == 200);
      CHECK(answer.body == "\x89PNG\r\n\x1a\n" + large);
      CHECK(answer.header("Content-Type") == "image/png");
      CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    }
  CHECK(one.query("SELECT count(*) FROM kept_pieces").front() == "3");
  const std::string second = send_picture("y");
  CHECK(second != first);
  CHECK(Client(one).get(first).status == 404);
  CHECK(Client(other).get(second).status == 200);
  CHECK(one.query("SELECT count(*) FROM kept_pieces").front() == "1");
  const std::vector<std::string> wrong{"/uploads/AAAAAAAAAAAAAAAAAAAAAA.png", "/uploads/..%2fkeys",
                                       "/-/upload/" + second.substr(9),
                                       "/-/kept/" + second.substr(9)};
  for (const std::string& path : wrong) CHECK(Client(other).get(path).status == 404);
}

TEST_CASE("two hosts: nothing is done after a revocation or a sign-out was answered by the other") {
  Cluster cluster;
  const RunningSite one, other({.beside = &one});
  Client ada(one);
  ada.sign_up("ada@example.com");
  for (int round = 0; round < 20; ++round) {
    REQUIRE(one.actiond({"grant", "ada@example.com"}).exit_code == 0);
    REQUIRE(one.actiond({"unblock", "ada@example.com"}).exit_code == 0);
    std::atomic<bool> ends = false;
    std::vector<std::jthread> threads;
    for (int at = 0; at < 4; ++at)
      threads.emplace_back([&] {
        Client client(other);
        client.cookie = ada.cookie;
        while (!ends) client.post("order", {{"topic", "owls"}});
      });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const std::string takes = round % 2 == 0 ? "revoke" : "block";
    REQUIRE(one.actiond({takes, "ada@example.com"}).exit_code == 0);
    const auto reviews = one.query("SELECT count(*) FROM reviews").front();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    CHECK(one.query("SELECT count(*) FROM reviews").front() == reviews);
    ends = true;
  }
  Client there(other);
  there.cookie = ada.cookie;
  CHECK(there.signed_in());
  CHECK(ada.post("sign-out", {}).status == 200);
  CHECK_FALSE(there.signed_in());
}

}  // namespace
}  // namespace actiond::http
