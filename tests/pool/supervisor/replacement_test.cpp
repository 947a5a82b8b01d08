#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "eventually.h"
#include "pool/supervisor/pool.h"

using namespace actiond;
using namespace actiond::test;

namespace {

// Asks for one thing after the other until `stop`.
class Stream {
 public:
  explicit Stream(const Pool& pool)
      : thread_([this, &pool] {
          while (!stopping_) {
            ++sent;
            if (pool.ask("/").find(" /.") != std::string::npos) ++answered;
          }
        }) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { stop(); }

  void stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  std::atomic<int> sent = 0, answered = 0;

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a worker that dies is replaced") {
  Pool pool([] {
    return Service{.answer = [](Request& request, const Reply& reply) {
      if (request.path == "/die") _exit(1);
      reply(say("alive"));
    }};
  });
  for (int at = 0; at < 4; ++at) {
    CHECK(pool.ask("/die").empty());
    CHECK(eventually([&] { return pool.ask("/").find("alive") != std::string::npos; }));
  }
}

TEST_CASE("a crash leaves the request that it took in the log") {
  Pool pool([] {
    return Service{.answer = [](Request& request, const Reply& reply) {
      if (request.path == "/crash") raise(SIGKILL);
      reply(say("alive"));
    }};
  });
  CHECK(pool.ask("/crash").empty());
  CHECK(eventually([&] { return pool.says("msg=\"worker died\""); }));
  CHECK(eventually([&] { return pool.says("msg=\"request lost\""); }));
  CHECK(pool.count_in_log("msg=\"request lost\"") == 1);
}

TEST_CASE("an exception in a thread of a worker is logged, and the worker is replaced") {
  Pool pool([] {
    const auto has_work = std::make_shared<std::atomic<bool>>(false);
    Service service = pid_and_path();
    service.answer = [has_work, quick = service.answer](Request& request, const Reply& reply) {
      if (request.path == "/throw") *has_work = true;
      quick(request, reply);
    };
    service.has_work = [has_work] { return has_work->load(); };
    service.work = [] { throw std::runtime_error("nobody catches this"); };
    return service;
  });
  pool.ask("/throw");
  CHECK(eventually([&] { return pool.says("reason=\"nobody catches this\""); }));
  CHECK(eventually([&] { return pool.says("msg=\"worker died\""); }));
  CHECK(pool.says("msg=\"a thread of a worker failed, and the worker ends\""));
  CHECK_FALSE(pool.says("Aborted"));
  CHECK(eventually([&] { return pool.ask("/").find(" /.") != std::string::npos; }));
}

TEST_CASE(
    "a thread of the service's own that answers last has ended before the worker's parts go") {
  const Gate answered, went_too_early;
  struct Own {
    explicit Own(const Gate& gate) : went_too_early(gate) {}
    Own(const Own&) = delete;
    Own& operator=(const Own&) = delete;
    std::thread thread;
    const Gate& went_too_early;
    // The worker is gone when it destroys its service.
    ~Own() {
      if (!thread.joinable()) return;
      went_too_early.open();
      thread.join();
    }
  };
  Pool pool(
      [&] {
        const auto own = std::make_shared<Own>(went_too_early);
        return Service{.answer =
                           [own, &answered](Request&, Reply reply) {
                             own->thread = std::thread([reply = std::move(reply), &answered] {
                               reply(say("by another thread"));
                               answered.open();
                             });
                           },
                       .end =
                           [own] {
                             if (own->thread.joinable()) own->thread.join();
                           }};
      },
      {.workers = 1});
  CHECK(pool.ask("/").find("by another thread") != std::string::npos);
  CHECK(answered.wait());
  CHECK(pool.stop() == 0);
  CHECK_FALSE(went_too_early.is_open());
}

TEST_CASE("a worker that is sent SIGHUP goes on: only the supervisor reloads") {
  const Gate begun, go_on;
  Pool pool([&] { return long_until(begun, go_on); }, {.workers = 1});
  const pid_t worker = pid_in(pool.ask("/"));
  const Visitor visitor(pool.socket_file());
  visitor.send(request_for("/long"));
  REQUIRE(begun.wait());
  kill(worker, SIGHUP);
  go_on.open();
  CHECK(pid_in(visitor.receive_all()) == worker);
  CHECK(pid_in(pool.ask("/")) == worker);
}

TEST_CASE("a worker that has failed is replaced") {
  Pool pool([] {
    struct State {
      std::atomic<bool> has_work = false, has_failed = false;
    };
    const auto state = std::make_shared<State>();
    Service service = pid_and_path();
    service.answer = [state, quick = service.answer](Request& request, const Reply& reply) {
      state->has_work = request.path == "/fail";
      quick(request, reply);
    };
    service.has_work = [state] { return state->has_work.load(); };
    service.work = [state] {
      state->has_work = false;
      state->has_failed = true;
      kill(getpid(), SIGUSR2);
    };
    service.has_failed = [state] { return state->has_failed.load(); };
    return service;
  });
  const pid_t failed = pid_in(pool.ask("/fail"));
  CHECK(eventually([failed] { return kill(failed, 0) != 0; }));
  CHECK(pid_in(pool.ask("/")) != failed);
}

TEST_CASE(
    "a request that is stuck ends its worker: what runs beside it is answered, others take over") {
  const Gate begun, go_on, never;
  Pool pool(
      [&] {
        Service service = long_until(begun, go_on);
        service.takes_long = [](const Request& request) { return request.path != "/"; };
        service.answer = [&, other = service.answer](Request& request, const Reply& reply) {
          if (request.path == "/stuck") {
            begun.open();
            never.wait();
          }
          other(request, reply);
        };
        return service;
      },
      {.workers = 1, .request_timeout = std::chrono::seconds(1)});
  const Visitor stuck(pool.socket_file());
  stuck.send(request_for("/stuck"));
  REQUIRE(begun.wait());
  begun.close();
  const Visitor beside(pool.socket_file());
  beside.send(request_for("/long"));
  REQUIRE(begun.wait());
  Stream stream(pool);
  REQUIRE(eventually(
      [&] { return pool.says("msg=\"a request takes too long, and its worker ends\""); }));
  // The worker's last moments are two seconds, which a machine that stands still must not eat.
  kill(pool.supervisor(), SIGSTOP);
  go_on.open();
  CHECK(beside.receive_all().find(" /long.") != std::string::npos);
  kill(pool.supervisor(), SIGCONT);
  CHECK(stuck.receive_all().empty());
  stream.stop();
  CHECK(stream.sent > 0);
  CHECK(stream.answered == stream.sent);
  CHECK(pool.says(" phase=check "));
  CHECK(pool.stop() == 0);
}

TEST_CASE("a supervisor that stood still kills nobody for it") {
  constexpr std::chrono::seconds limit(1);
  const Gate begun, go_on;
  Pool pool([&] { return long_until(begun, go_on); }, {.request_timeout = limit});
  REQUIRE_FALSE(pool.ask("/").empty());  // it has started a worker
  kill(pool.supervisor(), SIGSTOP);
  const Visitor visitor(pool.socket_file());
  visitor.send(request_for("/long"));
  REQUIRE(begun.wait());
  const auto since = std::chrono::steady_clock::now();
  REQUIRE(eventually([&] { return std::chrono::steady_clock::now() - since > limit; }));
  const long waits = waits_of(pool.supervisor());
  kill(pool.supervisor(), SIGCONT);
  // It has looked, and found a request that is late.
  REQUIRE(eventually([&] { return waits_of(pool.supervisor()) > waits; }));
  go_on.open();
  CHECK(visitor.receive_all().find(" /long.") != std::string::npos);
  // It has looked again.
  CHECK(eventually([&] { return waits_of(pool.supervisor()) > waits + 3; }));
  CHECK_FALSE(pool.says("level=error"));
}

TEST_CASE(
    "a worker that has answered enough is replaced, one after the other, and nothing is lost") {
  Pool pool(pid_and_path, {.max_requests = 50});
  // One connection kept, one for each request.
  const Visitor kept(pool.socket_file());
  int sent = 0, answered = 0;
  CHECK(eventually(
      [&] {
        sent += 2;
        kept.send(request_for("/kept", true));
        if (kept.receive_some().find(" /kept.") != std::string::npos) ++answered;
        if (pool.ask("/new").find(" /new.") != std::string::npos) ++answered;
        return pool.count_in_log("msg=\"worker replaced\"") >= 3;
      },
      std::chrono::minutes(2)));
  CHECK(answered == sent);
  CHECK(pool.says("reason=max_requests"));
  CHECK_FALSE(pool.says("level=error"));
}
