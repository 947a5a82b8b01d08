// A service that asks another process and lets the thread of a worker go on.
#include <doctest/doctest.h>
#include <sys/eventfd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "pool/supervisor/pool.h"

namespace actiond {
namespace {

using test::Pool;

// Its answers come at once; a request then has something to write, or none.
struct Asking {
  Asking() : answers(Descriptor::checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {}

  void ask(Reply answer) {
    reply = std::move(answer);
    eventfd_write(answers.get(), 1);
  }
  void take() {
    eventfd_t ignored;
    has_come = eventfd_read(answers.get(), &ignored) == 0;
  }
  bool go_on(bool waits) {
    if (!std::exchange(has_come, false)) return false;
    if (!waits) {
      std::exchange(reply, nullptr)(test::say("now"));
      return true;
    }
    before_waiting();
    // The next leader finds nothing to do, and sleeps.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    is_queued = true;
    return true;
  }
  void work() {
    if (is_queued.exchange(false)) std::exchange(reply, nullptr)(test::say("written"));
  }

  const Descriptor answers;
  Reply reply;
  bool has_come = false;
  std::atomic<bool> is_queued = false;
  std::function<void()> before_waiting;
};

Service asks(bool waits) {
  const auto asking = std::make_shared<Asking>();
  return {
      .answer = [asking](Request&, Reply reply) { asking->ask(std::move(reply)); },
      .answers = asking->answers.get(),
      .take_answers = [asking] { asking->take(); },
      .go_on = [asking, waits] { return asking->go_on(waits); },
      .has_work = [asking] { return asking->is_queued.load(); },
      .work = [asking] { asking->work(); },
      .begin = [asking](std::function<void()> tell) { asking->before_waiting = std::move(tell); }};
}

TEST_CASE("a request goes on when its answer has come, with no thread that waits for it") {
  const Pool pool([] { return asks(false); }, {.workers = 1});
  for (int at = 0; at < 20; ++at) CHECK(pool.ask("/x").find("now") != std::string::npos);
}

TEST_CASE("what a request queues is written, also where its thread led no more when it did") {
  const Pool pool([] { return asks(true); }, {.workers = 1});
  for (int at = 0; at < 3; ++at) CHECK(pool.ask("/x").find("written") != std::string::npos);
}

}  // namespace
}  // namespace actiond
