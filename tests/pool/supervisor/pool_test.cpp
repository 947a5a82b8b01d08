#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "pool/supervisor/supervisor.h"
#include "served/fastcgi.h"
#include "support.h"

using namespace actiond;
namespace fcgi = actiond::http::fastcgi;

namespace {

std::string request_for(const std::string& path, bool keep = false) {
  return fcgi::begin_request(keep) +
         fcgi::record(fcgi::parameters,
                      fcgi::pair("REQUEST_METHOD", "GET") + fcgi::pair("DOCUMENT_URI", path)) +
         fcgi::record(fcgi::parameters, "") + fcgi::record(fcgi::input, "");
}

// A connection to the pool.
class Peer {
 public:
  explicit Peer(const std::filesystem::path& path)
      : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, path.c_str());
    (void)connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(socket_); }

  void send(std::string_view bytes) const {
    (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  // Until the other side ends it.
  std::string receive_all() const {
    std::string all;
    for (std::string some; !(some = receive_some()).empty();) all += some;
    return all;
  }
  std::string receive_some() const { return receive(0); }
  std::string receive_now() const { return receive(MSG_DONTWAIT); }

 private:
  std::string receive(int flags) const {
    std::array<char, 4096> bytes;
    const ssize_t read = recv(socket_, bytes.data(), bytes.size(), flags);
    return {bytes.data(), read > 0 ? static_cast<std::size_t>(read) : 0};
  }

  int socket_;
};

struct Life {
  int workers = 2;
  std::uint64_t max_requests = 0;
  std::chrono::milliseconds request_timeout = std::chrono::seconds(20);
};

// A pool in a process of its own, as `serve` runs it, with an answer that needs no data.
class Pool {
 public:
  explicit Pool(const std::function<Service()>& make_service, const Life& life = {})
      : settings_{.socket = folder_ / "pool.sock",
                  .socket_group = "",
                  .workers = life.workers,
                  .threads = 4,
                  .max_requests = life.max_requests,
                  .request_timeout = life.request_timeout} {
    pid_ = fork();
    if (pid_ == 0) {
      set_up_log({.file = folder_ / "log"});
      _exit(supervise(settings_, [&](WorkerCell&) { return make_service(); }));
    }
    while (!std::filesystem::exists(settings_.socket))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { stop(); }

  // The exit status of the supervisor, whose workers have to be gone before it.
  int stop() {
    if (pid_ == 0) return status_;
    kill(pid_, SIGTERM);
    waitpid(pid_, &status_, 0);
    pid_ = 0;
    return status_;
  }

  // The pool's answer to a request for `path`; empty when none came.
  std::string ask(const std::string& path) const {
    const Peer peer(settings_.socket);
    peer.send(request_for(path));
    return peer.receive_all();
  }

  pid_t supervisor() const { return pid_; }
  std::string log() const { return test::read_file(folder_ / "log"); }
  const std::filesystem::path& socket_file() const { return settings_.socket; }
  int threads() const { return settings_.workers * settings_.threads; }

 private:
  test::TemporaryFolder folder_;
  PoolSettings settings_;
  pid_t pid_ = 0;
  int status_ = 0;
};

Response say(const std::string& text) {
  Response response(200);
  response.body = text;
  return response;
}

Service takes(std::chrono::milliseconds time) {
  return {.answer =
              [time](Request& request, const Reply& reply) {
                if (request.path == "/stuck") std::this_thread::sleep_for(std::chrono::seconds(60));
                if (request.path != "/") std::this_thread::sleep_for(time);
                reply(say(std::to_string(getpid()) + "."));
              },
          .takes_long = [](const Request& request) { return request.path != "/"; }};
}

template <class Condition>
bool eventually(const Condition& condition) {
  for (int tries = 0; tries < 1000; ++tries) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

Service pid_and_path() {
  return {.answer = [](Request& request, const Reply& reply) {
    reply(say(std::to_string(getpid()) + " " + request.path + "."));
  }};
}

}  // namespace

TEST_CASE("the pool answers all of many clients at once, and stops without a trace") {
  Pool pool(pid_and_path);
  constexpr int clients = 8, requests = 50;
  std::vector<int> answered(clients);
  std::vector<std::thread> threads;
  for (int client = 0; client < clients; ++client)
    threads.emplace_back([&pool, &answered, client] {
      const std::string path = "/" + std::to_string(client);
      for (int at = 0; at < requests; ++at)
        if (pool.ask(path).find(" " + path + ".") != std::string::npos)
          ++answered[static_cast<std::size_t>(client)];
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == std::vector<int>(clients, requests));
  CHECK(pool.stop() == 0);
  CHECK(!std::filesystem::exists(pool.socket_file()));
}

TEST_CASE("a request that runs when the pool is told to stop is still answered") {
  Pool pool([] {
    return Service{.answer = [](Request&, const Reply& reply) {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      reply(say("late"));
    }};
  });
  std::string answer;
  std::thread asking([&] { answer = pool.ask("/"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(pool.stop() == 0);
  asking.join();
  CHECK(answer.find("late") != std::string::npos);
}

TEST_CASE("a worker that dies is replaced") {
  Pool pool([] {
    return Service{.answer = [](Request& request, const Reply& reply) {
      if (request.path == "/die") _exit(1);
      reply(say("alive"));
    }};
  });
  for (int at = 0; at < 4; ++at) {
    CHECK(pool.ask("/die").empty());
    std::string answer;
    for (int tries = 0; tries < 500 && answer.empty(); ++tries) answer = pool.ask("/");
    CHECK(answer.find("alive") != std::string::npos);
  }
}

TEST_CASE("a worker that is sent SIGHUP goes on: only the supervisor reloads") {
  Pool pool([] { return takes(std::chrono::milliseconds(300)); }, {.workers = 1});
  const std::string worker = pool.ask("/");
  const Peer peer(pool.socket_file());
  peer.send(request_for("/slow"));
  kill(static_cast<pid_t>(std::stol(worker.substr(worker.rfind('\n') + 1))), SIGHUP);
  CHECK(peer.receive_all() == worker);
  CHECK(pool.ask("/") == worker);
}

TEST_CASE("a kept connection serves many requests, and ends when the pool stops") {
  Pool pool(pid_and_path);
  const Peer peer(pool.socket_file());
  for (int at = 0; at < 100; ++at) {
    const std::string path = "/" + std::to_string(at);
    peer.send(request_for(path, true));
    CHECK(peer.receive_some().find(" " + path + ".") != std::string::npos);
  }
  CHECK(pool.stop() == 0);
  CHECK(peer.receive_all().empty());
}

TEST_CASE("peers that are idle or stop in the middle of a request hold no thread") {
  Pool pool(pid_and_path);
  const std::string whole = request_for("/", true);
  std::deque<Peer> peers;
  for (int at = 0; at < 2 * pool.threads(); ++at) {
    peers.emplace_back(pool.socket_file());  // says nothing
    peers.emplace_back(pool.socket_file()).send(whole.substr(0, 5));
    peers.emplace_back(pool.socket_file()).send(whole.substr(0, whole.size() - 8));
    peers.emplace_back(pool.socket_file()).send(whole);  // and takes no answer
    const std::string answer = pool.ask("/real");
    CHECK(answer.find(" /real.") != std::string::npos);
  }
  peers[2].send(whole.substr(whole.size() - 8));
  CHECK(peers[2].receive_some().find(" /.") != std::string::npos);
}

TEST_CASE("more connections than files wait until there is room") {
  Pool pool([] {
    constexpr rlimit few{.rlim_cur = 64, .rlim_max = 64};
    setrlimit(RLIMIT_NOFILE, &few);
    return pid_and_path();
  });
  std::deque<Peer> peers;
  for (int at = 0; at < 200; ++at) peers.emplace_back(pool.socket_file());
  std::string answer;
  std::thread asking([&] { answer = pool.ask("/"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  peers.clear();
  asking.join();
  CHECK(answer.find(" /.") != std::string::npos);
}

// UndefinedBehaviorSanitizer opens a pipe to look at an object's type, and calls it wrong without
// one.
#ifndef __SANITIZE_ADDRESS__

// The processor time of a process, in ticks of the kernel: proc(5), fields 14 and 15 of stat.
long ticks_of(pid_t pid) {
  const std::string stat = test::read_file("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int at = 3; at < 14; ++at) fields >> skipped;
  long user = 0, system = 0;
  fields >> user >> system;
  return user + system;
}

TEST_CASE("a worker without a descriptor for a connection waits for one, and does not spin") {
  test::TemporaryFolder folder;
  const std::filesystem::path starve = folder / "starve", go_on = folder / "go-on";
  Pool pool(
      [&] {
        // Older than the filter of system calls.
        std::thread([&] {
          const auto wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
          while (!std::filesystem::exists(starve)) wait();
          std::deque<int> taken;
          while (taken.emplace_back(dup(STDERR_FILENO)) >= 0) {
          }
          taken.pop_back();
          while (access(go_on.c_str(), F_OK) != 0) wait();
          for (const int descriptor : taken) close(descriptor);
        }).detach();
        return pid_and_path();
      },
      {.workers = 1});
  const std::string answer = pool.ask("/");
  const auto worker = static_cast<pid_t>(std::stol(answer.substr(answer.rfind('\n') + 1)));
  const auto count_files = [worker] {
    const std::filesystem::directory_iterator all("/proc/" + std::to_string(worker) + "/fd");
    return std::distance(begin(all), end(all));
  };
  test::write_file(starve, "");
  long seen = count_files();
  REQUIRE(eventually([&] {
    const long before = std::exchange(seen, count_files());
    return seen > 1000 && seen == before;
  }));
  const Peer peer(pool.socket_file());
  peer.send(request_for("/"));
  const long before = ticks_of(worker);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  CHECK(ticks_of(worker) - before < sysconf(_SC_CLK_TCK) / 2);
  test::write_file(go_on, "");
  CHECK(peer.receive_all().find("Status: 200 ") != std::string::npos);
}

#endif

TEST_CASE("what takes long waits for its turn, and leaves a thread for the others") {
  Pool pool([] {
    return Service{.answer =
                       [](Request& request, const Reply& reply) {
                         if (request.path != "/long") return reply(say("short"));
                         std::this_thread::sleep_for(std::chrono::milliseconds(100));
                         reply(say("long"));
                       },
                   .takes_long = [](const Request& request) { return request.path == "/long"; }};
  });
  std::deque<Peer> peers;
  for (int at = 0; at < 3 * pool.threads(); ++at)
    peers.emplace_back(pool.socket_file()).send(request_for("/long"));
  CHECK(pool.ask("/").find("short") != std::string::npos);
  // Some are still at it.
  CHECK(peers.back().receive_now().empty());
  for (const Peer& peer : peers) CHECK(peer.receive_all().find("long") != std::string::npos);
}

TEST_CASE("work that a request leaves for later is done, and the request answered") {
  Pool pool([] {
    struct Left {
      std::mutex mutex;
      std::vector<Reply> replies;
    };
    const auto left = std::make_shared<Left>();
    return Service{.answer =
                       [left](Request&, Reply reply) {
                         const std::lock_guard lock(left->mutex);
                         left->replies.push_back(std::move(reply));
                       },
                   .takes_long = [](const Request& request) { return request.path == "/long"; },
                   .has_work =
                       [left] {
                         const std::lock_guard lock(left->mutex);
                         return !left->replies.empty();
                       },
                   .work =
                       [left] {
                         std::unique_lock lock(left->mutex);
                         const auto replies = std::exchange(left->replies, {});
                         lock.unlock();
                         for (const Reply& reply : replies) reply(say("done"));
                       }};
  });
  for (const char* path : {"/short", "/long", "/short"})
    CHECK(pool.ask(path).find("done") != std::string::npos);
}

TEST_CASE("a worker that has failed is replaced") {
  Pool pool([] {
    struct State {
      std::atomic<bool> has_work = false, has_failed = false;
    };
    const auto state = std::make_shared<State>();
    return Service{.answer =
                       [state](Request& request, const Reply& reply) {
                         state->has_work = request.path == "/fail";
                         reply(say("pid " + std::to_string(getpid()) + "."));
                       },
                   .has_work = [state] { return state->has_work.load(); },
                   .work =
                       [state] {
                         state->has_work = false;
                         state->has_failed = true;
                         kill(getpid(), SIGUSR2);
                       },
                   .has_failed = [state] { return state->has_failed.load(); }};
  });
  const std::string answer = pool.ask("/fail");
  const pid_t failed = std::stoi(answer.substr(answer.find("pid ") + 4));
  bool gone = false;
  for (int tries = 0; tries < 1000 && !gone; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    gone = kill(failed, 0) != 0;
  }
  CHECK(gone);
  CHECK(pool.ask("/").find("pid ") != std::string::npos);
}

TEST_CASE(
    "a request that is stuck ends its worker: what runs beside it is answered, others take over") {
  // Longer than what runs beside it may take.
  Pool pool([] { return takes(std::chrono::milliseconds(700)); },
            {.request_timeout = std::chrono::seconds(1)});
  const Peer stuck(pool.socket_file());
  stuck.send(request_for("/stuck"));
  std::atomic<bool> stop = false;
  std::atomic<int> sent = 0, answered = 0;
  std::vector<std::thread> visitors;
  for (const char* path : {"/", "/", "/long", "/long"})
    visitors.emplace_back([&, path] {
      while (!stop) {
        ++sent;
        if (pool.ask(path).find(".") != std::string::npos) ++answered;
      }
    });
  CHECK(stuck.receive_all().empty());
  stop = true;
  for (std::thread& visitor : visitors) visitor.join();
  CHECK(sent > 0);
  CHECK(answered == sent);
  const std::string log = pool.log();
  CHECK(log.find("msg=\"a request takes too long, and its worker ends\"") != log.npos);
  CHECK(log.find(" phase=check ") != log.npos);
  CHECK(pool.stop() == 0);
}

TEST_CASE("a supervisor that stood still kills nobody for it") {
  Pool pool([] { return takes(std::chrono::milliseconds(100)); },
            {.request_timeout = std::chrono::seconds(1)});
  std::atomic<bool> stop = false;
  std::atomic<int> sent = 0, answered = 0;
  std::thread visitor([&] {
    while (!stop) {
      ++sent;
      if (pool.ask("/long").find(".") != std::string::npos) ++answered;
    }
  });
  kill(pool.supervisor(), SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(4));
  kill(pool.supervisor(), SIGCONT);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  stop = true;
  visitor.join();
  CHECK(answered == sent);
  CHECK(pool.log().find("level=error") == std::string::npos);
}

TEST_CASE(
    "a worker that has answered enough is replaced, one after the other, and nothing is lost") {
  Pool pool(pid_and_path, {.max_requests = 50});
  const auto replaced = [&pool] {
    const std::string log = pool.log();
    int count = 0;
    for (std::size_t at = 0; (at = log.find("msg=\"worker replaced\"", at)) != log.npos; ++at)
      ++count;
    return count;
  };
  // One connection kept, one for each request.
  const Peer kept(pool.socket_file());
  int sent = 0, answered = 0;
  CHECK(eventually([&] {
    sent += 2;
    kept.send(request_for("/kept", true));
    if (kept.receive_some().find(" /kept.") != std::string::npos) ++answered;
    if (pool.ask("/new").find(" /new.") != std::string::npos) ++answered;
    return replaced() >= 3;
  }));
  CHECK(answered == sent);
  CHECK(pool.log().find("reason=max_requests") != std::string::npos);
  CHECK(pool.log().find("level=error") == std::string::npos);
}

TEST_CASE("whoever would wait too long for what takes long is turned away at once") {
  // Long work, two at a time, ends when the gate opens.
  const test::TemporaryFolder folder;
  const std::filesystem::path gate = folder / "open";
  Pool pool(
      [gate] {
        return Service{.answer =
                           [gate](Request& request, const Reply& reply) {
                             while (request.path != "/" && !std::filesystem::exists(gate))
                               std::this_thread::sleep_for(std::chrono::milliseconds(5));
                             reply(say("done"));
                           },
                       .takes_long = [](const Request& request) { return request.path != "/"; }};
      },
      {.workers = 1});
  std::deque<Peer> peers;
  const auto ask_long = [&](int times) {
    peers.clear();
    for (int at = 0; at < times; ++at)
      peers.emplace_back(pool.socket_file()).send(request_for("/long"));
    // Answered behind them, so they have been read.
    CHECK(pool.ask("/").find("Status: 200 ") != std::string::npos);
  };
  // Two of them wait, so that the pool knows how long a turn takes: a quarter of a second at least,
  // and so twelve of them would take the three seconds for which anybody is let wait.
  ask_long(4);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  test::write_file(gate, "");
  for (const Peer& peer : peers)
    CHECK(peer.receive_all().find("Status: 200 ") != std::string::npos);
  std::filesystem::remove(gate);

  ask_long(30);
  std::vector<const Peer*> waiting;
  for (const Peer& peer : peers) {
    const std::string answer = peer.receive_now();
    if (answer.empty())
      waiting.push_back(&peer);
    else
      CHECK(answer.find("Status: 503 ") != std::string::npos);
  }
  CHECK(waiting.size() >= 3);
  CHECK(waiting.size() <= 2 + 13);
  test::write_file(gate, "");
  for (const Peer* peer : waiting)
    CHECK(peer->receive_all().find("Status: 200 ") != std::string::npos);
  CHECK(pool.ask("/long").find("Status: 200 ") != std::string::npos);
}
