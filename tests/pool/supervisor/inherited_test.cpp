#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

#include "eventually.h"
#include "pool/supervisor/pool.h"

using namespace actiond;
using namespace actiond::test;

namespace {

// Standard error is a pipe that holds as little as a pipe can.
void log_into(const Descriptor& pipe) {
  fcntl(pipe.get(), F_SETPIPE_SZ, 4096);
  dup2(pipe.get(), STDERR_FILENO);
}

}  // namespace

TEST_CASE("O9 a pool whose log has no reader any more serves on, and can be reloaded") {
  DescriptorPair log = make_pipe(0);
  const Gate reload_failed;
  Pool pool(pid_and_path, {.inherit =
                               [&] {
                                 std::signal(SIGPIPE, SIG_DFL);
                                 log_into(log[1]);
                                 log[0].close();
                                 log[1].close();
                               },
                           .logs_to_stderr = true,
                           .reload_failed = [&] { reload_failed.open(); }});
  log[0].close();
  const pid_t worker = pid_in(pool.ask("/"));
  kill(pool.supervisor(), SIGHUP);
  CHECK(reload_failed.wait(std::chrono::seconds(20)));
  kill(worker, SIGKILL);
  CHECK(eventually([&] { return pool.ask("/").find(" /.") != std::string::npos; }));
  CHECK(pool.stop() == 0);
}

TEST_CASE(
    "O10 a log whose reader stands still holds up no answer, and its lost lines are counted") {
  const DescriptorPair log = make_pipe(0);
  Pool pool(pid_and_path,
            {.inherit = [&] { log_into(log[1]); }, .logs_to_stderr = true, .tells_status = true});
  for (int at = 0; at < 200; ++at) {
    const Visitor visitor(pool.socket_file());
    visitor.send(request_for("/"));
    std::string answer;
    REQUIRE(eventually([&] { return !(answer = visitor.receive_now()).empty(); }));
    CHECK(answer.find(" /.") != std::string::npos);
  }
  const std::string status = pool.ask_status();
  CHECK_MESSAGE(status.find("\"lostLogLines\":1") != std::string::npos, status);
}

TEST_CASE("O12 a pool that was started with signals ignored and blocked replaces and ends") {
  Pool pool(pid_and_path, {.inherit = [] {
              for (const int signal : {SIGCHLD, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGINT})
                std::signal(signal, SIG_IGN);
              sigset_t all;
              sigfillset(&all);
              sigprocmask(SIG_SETMASK, &all, nullptr);
            }});
  const pid_t worker = pid_in(pool.ask("/"));
  kill(worker, SIGKILL);
  CHECK(eventually([&] { return pool.says("msg=\"worker died\""); }));
  CHECK(eventually([&] { return pool.ask("/").find(" /.") != std::string::npos; }));
  pool.begin_stop();
  int status = -1;
  const bool ended = eventually(
      [&] { return waitpid(pool.supervisor(), &status, WNOHANG | WNOWAIT) == 0 ? false : true; });
  CHECK(ended);
  if (!ended) kill(pool.supervisor(), SIGKILL);
}
