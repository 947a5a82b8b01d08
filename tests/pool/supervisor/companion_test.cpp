#include "pool/supervisor/companion.h"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <csignal>

using namespace actiond;

namespace {

struct Ended {
  pid_t pid;
  int status = 0;
};

Ended wait_for_child() {
  Ended child{};
  child.pid = waitpid(-1, &child.status, 0);
  return child;
}

}  // namespace

TEST_CASE("a companion that ended is started again after a pause") {
  const Companion::Clock::time_point start{};
  Companion companion({"/bin/false"});
  companion.look_after(start);
  CHECK(companion.is_running());
  const Ended first = wait_for_child();
  CHECK_FALSE(companion.reap(first.pid + 1, first.status, start));
  CHECK(companion.reap(first.pid, first.status, start));
  companion.look_after(start + std::chrono::milliseconds(999));
  CHECK_FALSE(companion.is_running());
  companion.look_after(start + std::chrono::seconds(1));
  REQUIRE(companion.is_running());
  const Ended second = wait_for_child();
  CHECK(companion.reap(second.pid, second.status, start));
}

TEST_CASE("a companion that is stopped is told so, and not started again") {
  const Companion::Clock::time_point start{};
  Companion companion({"/bin/sleep", "1000"});
  companion.look_after(start);
  companion.stop();
  const Ended child = wait_for_child();
  CHECK(WIFSIGNALED(child.status));
  CHECK(WTERMSIG(child.status) == SIGTERM);
  CHECK(companion.reap(child.pid, child.status, start));
  companion.look_after(start + std::chrono::hours(1));
  CHECK_FALSE(companion.is_running());
}

TEST_CASE("a pool without a companion starts none") {
  Companion companion({});
  companion.look_after({});
  CHECK_FALSE(companion.is_running());
}
