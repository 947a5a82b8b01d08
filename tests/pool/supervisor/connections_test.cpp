#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>
#include <vector>

#include "eventually.h"
#include "pool/supervisor/pool.h"

using namespace actiond;
using namespace actiond::test;

namespace {

std::ptrdiff_t count_files(pid_t pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return std::distance(begin(all), end(all));
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

TEST_CASE("a kept connection serves many requests, and ends when the pool stops") {
  Pool pool(pid_and_path);
  const Visitor visitor(pool.socket_file());
  for (int at = 0; at < 100; ++at) {
    const std::string path = "/" + std::to_string(at);
    visitor.send(request_for(path, true));
    CHECK(visitor.receive_some().find(" " + path + ".") != std::string::npos);
  }
  CHECK(pool.stop() == 0);
  CHECK(visitor.receive_all().empty());
}

TEST_CASE("a request that runs when the pool is told to stop is still answered") {
  const Gate begun, go_on;
  Pool pool([&] { return long_until(begun, go_on); });
  const Visitor visitor(pool.socket_file());
  visitor.send(request_for("/long"));
  REQUIRE(begun.wait());
  pool.begin_stop();
  REQUIRE(eventually([&] { return !std::filesystem::exists(pool.socket_file()); }));
  go_on.open();
  CHECK(visitor.receive_all().find(" /long.") != std::string::npos);
  CHECK(pool.stop() == 0);
}

TEST_CASE("connections that are idle or stop in the middle of a request hold no thread") {
  Pool pool(pid_and_path);
  const std::string whole = request_for("/", true);
  std::deque<Visitor> visitors;
  for (int at = 0; at < 2 * pool.threads(); ++at) {
    visitors.emplace_back(pool.socket_file());  // says nothing
    visitors.emplace_back(pool.socket_file()).send(whole.substr(0, 5));
    visitors.emplace_back(pool.socket_file()).send(whole.substr(0, whole.size() - 8));
    visitors.emplace_back(pool.socket_file()).send(whole);  // and takes no answer
    const std::string answer = pool.ask("/real");
    CHECK(answer.find(" /real.") != std::string::npos);
  }
  // The last of those that stopped: a pool under load may have given the first ones up as too slow.
  const Visitor& slow = visitors[visitors.size() - 2];
  slow.send(whole.substr(whole.size() - 8));
  CHECK(slow.receive_some().find(" /.") != std::string::npos);
}

TEST_CASE("more connections than files wait until there is room") {
  constexpr rlim_t files = 64;
  Pool pool(
      [] {
        constexpr rlimit few{.rlim_cur = files, .rlim_max = files};
        setrlimit(RLIMIT_NOFILE, &few);
        return pid_and_path();
      },
      {.workers = 1});
  const pid_t worker = pid_in(pool.ask("/"));
  // One more while the connection that asked is not closed yet.
  const auto before = count_files(worker) - 1;
  std::deque<Visitor> visitors;
  for (rlim_t at = 0; at < 3 * files; ++at) visitors.emplace_back(pool.socket_file());
  REQUIRE(eventually([&] { return count_files(worker) >= before + long{files / 2}; }));
  const Visitor late(pool.socket_file());
  late.send(request_for("/"));
  CHECK(late.receive_now().empty());
  visitors.clear();
  CHECK(late.receive_all().find(" /.") != std::string::npos);
}

// UndefinedBehaviorSanitizer opens a pipe to look at an object's type, and calls it wrong without
// one.
#ifndef __SANITIZE_ADDRESS__

namespace {

// The processor time of a process, in ticks of the kernel: proc(5), fields 14 and 15 of stat.
long ticks_of(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::string skipped;
  for (int at = 3; at < 14; ++at) fields >> skipped;
  long user = 0, system = 0;
  fields >> user >> system;
  return user + system;
}

}  // namespace

TEST_CASE("a worker without a descriptor for a connection waits for one, and does not spin") {
  const Gate starve, starved, go_on;
  Pool pool(
      [&] {
        // Older than the filter of system calls.
        std::thread([&] {
          starve.wait();
          std::deque<int> taken;
          while (taken.emplace_back(dup(STDERR_FILENO)) >= 0) {
          }
          taken.pop_back();
          starved.open();
          go_on.wait();
          for (const int descriptor : taken) close(descriptor);
        }).detach();
        return pid_and_path();
      },
      {.workers = 1});
  const pid_t worker = pid_in(pool.ask("/"));
  starve.open();
  REQUIRE(starved.wait());
  const Visitor visitor(pool.socket_file());
  const long ticks = ticks_of(worker), waits = waits_of(worker);
  visitor.send(request_for("/"));
  // One that spins does not wait.
  CHECK(eventually([&] { return waits_of(worker) >= waits + 3; }));
  CHECK(ticks_of(worker) - ticks < sysconf(_SC_CLK_TCK) / 2);
  go_on.open();
  CHECK(visitor.receive_all().find("Status: 200 ") != std::string::npos);
}

#endif
