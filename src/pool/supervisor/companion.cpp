#include "pool/supervisor/companion.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/log.h"
#include "pool/supervisor/trial.h"
#include "pool/supervisor/workers.h"

namespace actiond {
namespace {

constexpr std::chrono::seconds pause(1);

[[noreturn]] void run_program(const std::vector<std::string>& command, pid_t parent) {
  // It ends when the supervisor is killed, too.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execute(command);
  log_event("error", "companion not executed",
            {{"command", command.front()}, {"reason", std::strerror(errno)}});
  _exit(127);
}

}  // namespace

void Companion::look_after(Clock::time_point now) {
  if (command_.empty() || pid_ > 0 || stopping_ || now < next_start_) return;
  next_start_ = now + pause;
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) run_program(command_, parent);
  if (pid < 0) {
    log_event("error", "cannot fork",
              {{"command", command_.front()}, {"reason", std::strerror(errno)}});
    return;
  }
  pid_ = pid;
}

bool Companion::reap(pid_t pid, int status, Clock::time_point now) {
  if (pid != pid_) return false;
  pid_ = 0;
  next_start_ = now + pause;
  if (!stopping_)
    log_event("error", "companion ended, and is started again",
              {{"command", command_.front()}, {"status", describe(status)}});
  return true;
}

void Companion::signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

void Companion::stop() {
  stopping_ = true;
  signal(SIGTERM);
}

}  // namespace actiond
