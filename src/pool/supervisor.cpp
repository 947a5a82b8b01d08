#include "pool/supervisor.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "pool/listen.h"
#include "pool/log.h"
#include "pool/notify.h"

namespace actiond {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A worker that lived this long did not die at once.
constexpr milliseconds healthy_life(1000);
constexpr milliseconds shortest_pause(100);
constexpr milliseconds longest_pause(30'000);
constexpr milliseconds drain_time(30'000);

struct Worker {
  pid_t pid = 0;  // 0: waits to be started
  Clock::time_point since;
  milliseconds pause{0};
};

std::string describe(int status) {
  if (WIFSIGNALED(status)) return std::string("signal ") + strsignal(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

class Supervisor {
 public:
  Supervisor(const PoolSettings& settings, const ServiceMaker& make_service)
      : settings_(settings), make_service_(make_service),
        workers_(static_cast<std::size_t>(settings.workers)) {
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) sigaddset(&signals_, signal);
    sigprocmask(SIG_BLOCK, &signals_, nullptr);
    const auto passed = take_passed_socket(settings.socket);
    keeps_socket_ = passed.has_value();
    listening_ = passed ? *passed : listen_on(settings.socket, settings.socket_group);
  }

  int run() {
    log_event("info", "pool started",
              {{"socket", settings_.socket.string()},
               {"workers", std::to_string(settings_.workers)},
               {"threads", std::to_string(settings_.threads)}});
    while (!stopping_) {
      for (Worker& worker : workers_)
        if (worker.pid == 0 && Clock::now() >= worker.since + worker.pause) start(worker);
      notify_systemd("READY=1\nWATCHDOG=1");  // said again, the first means nothing
      wait_for_signal(std::min(time_to_next_start(), watchdog_interval()));
    }
    return stop();
  }

 private:
  void start(Worker& worker) {
    const pid_t supervisor = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
      // Without its supervisor a worker has no reason to live.
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      if (getppid() != supervisor) _exit(0);
      _exit(run_child());
    }
    worker.since = Clock::now();
    if (pid > 0) {
      worker.pid = pid;
      return;
    }
    worker.pause = std::clamp(worker.pause * 2, shortest_pause, longest_pause);
    log_event("error", "cannot fork", {{"reason", std::strerror(errno)}});
  }

  int run_child() const {
    try {
      return run_worker(listening_, settings_.threads, make_service_);
    } catch (const std::exception& error) {
      log_event("error", "worker failed", {{"reason", error.what()}});
      return 1;
    }
  }

  // How long until a worker is due, or for ever.
  milliseconds time_to_next_start() const {
    milliseconds soonest = milliseconds::max();
    for (const Worker& worker : workers_)
      if (worker.pid == 0)
        soonest = std::min(soonest, std::chrono::duration_cast<milliseconds>(
                                        worker.since + worker.pause - Clock::now()) +
                                        milliseconds(1));
    return soonest;
  }

  void wait_for_signal(milliseconds timeout) {
    siginfo_t info{};
    int signal;
    if (timeout == milliseconds::max()) {
      signal = sigwaitinfo(&signals_, &info);
    } else {
      const auto count = std::max<milliseconds::rep>(timeout.count(), 0);
      const timespec time{.tv_sec = count / 1000, .tv_nsec = count % 1000 * 1'000'000};
      signal = sigtimedwait(&signals_, &info, &time);
    }
    if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
    if (signal == SIGCHLD) reap();
  }

  void reap() {
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto dead = std::find_if(workers_.begin(), workers_.end(),
                                     [pid](const Worker& worker) { return worker.pid == pid; });
      if (dead == workers_.end()) continue;
      if (!stopping_)
        log_event("error", "worker died",
                  {{"pid", std::to_string(pid)}, {"reason", describe(status)}});
      rest(*dead);
    }
  }

  // One that dies at once is started again later and later.
  void rest(Worker& worker) {
    const bool at_once = Clock::now() - worker.since < healthy_life;
    worker.pid = 0;
    worker.since = Clock::now();
    worker.pause =
        at_once ? std::clamp(worker.pause * 2, shortest_pause, longest_pause) : milliseconds(0);
  }

  bool all_gone() const {
    return std::all_of(workers_.begin(), workers_.end(),
                       [](const Worker& worker) { return worker.pid == 0; });
  }

  void signal_all(int signal) const {
    for (const Worker& worker : workers_)
      if (worker.pid != 0) kill(worker.pid, signal);
  }

  int stop() {
    close(listening_);
    notify_systemd("STOPPING=1");
    if (!keeps_socket_) unlink(settings_.socket.c_str());
    signal_all(SIGTERM);
    const auto deadline = Clock::now() + drain_time;
    while (!all_gone() && Clock::now() < deadline)
      wait_for_signal(std::chrono::duration_cast<milliseconds>(deadline - Clock::now()));
    if (!all_gone()) log_event("error", "workers did not finish in time and are killed");
    signal_all(SIGKILL);
    while (!all_gone()) wait_for_signal(drain_time);
    log_event("info", "pool stopped");
    return 0;
  }

  const PoolSettings& settings_;
  const ServiceMaker& make_service_;
  std::vector<Worker> workers_;
  sigset_t signals_{};
  int listening_ = -1;
  bool keeps_socket_ = false;  // systemd made it, and others may wait in it
  bool stopping_ = false;
};

}  // namespace

int supervise(const PoolSettings& settings, const ServiceMaker& make_service) {
  return Supervisor(settings, make_service).run();
}

}  // namespace actiond
