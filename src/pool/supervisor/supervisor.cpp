#include "pool/supervisor/supervisor.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/inherited_state.h"
#include "base/log.h"
#include "pool/status/history.h"
#include "pool/supervisor/companion.h"
#include "pool/supervisor/listen.h"
#include "pool/supervisor/notify.h"
#include "pool/supervisor/trial.h"
#include "pool/supervisor/workers.h"

namespace actiond {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

class Supervisor {
 public:
  Supervisor(const PoolSettings& settings, const ServiceMaker& make_service,
             const StatusSources& sources, const Reload& reload,
             const std::optional<Inheritance>& inheritance,
             const std::function<void()>& every_second, const std::vector<std::string>& companion);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  ~Supervisor() { count_lost_lines(nullptr); }

  int run();

 private:
  int run_child(WorkerCell* cell, const Workers::Ready& ready);
  Inheritance inheritance() const;
  void begin_reload();
  void finish_trial(int status);
  void fail_reload(const std::string& reason);
  void execute_anew();
  milliseconds time_to_next_look() const;
  void wait();
  void wait_for_signal(milliseconds limit);
  void obey_signals();
  void reap();
  int stop();

  const PoolSettings& settings_;
  const ServiceMaker& make_service_;
  const StatusSources& sources_;
  const Reload& reload_;
  const std::function<void()>& every_second_;
  Clock::time_point next_second_ = Clock::now() + seconds(1);
  Counters counters_;
  Workers workers_;
  Companion companion_;
  std::unique_ptr<Handover> handover_;
  std::unique_ptr<Trial> trial_;
  bool reload_wanted_ = false;
  Descriptor signals_;
  Descriptor listening_;
  Descriptor status_listening_;
  bool is_systemds_ = false;  // systemd made the socket, and others may wait in it
  bool stopping_ = false;
};

Counters counters_of(const std::optional<Inheritance>& inheritance,
                     const std::vector<CountedAction>& actions) {
  if (inheritance)
    if (auto counters = Counters::inherit(Descriptor(inheritance->counters), actions))
      return *std::move(counters);
  return Counters(actions);
}

Supervisor::Supervisor(const PoolSettings& settings, const ServiceMaker& make_service,
                       const StatusSources& sources, const Reload& reload,
                       const std::optional<Inheritance>& inheritance,
                       const std::function<void()>& every_second,
                       const std::vector<std::string>& companion)
    : settings_(settings), make_service_(make_service), sources_(sources), reload_(reload),
      every_second_(every_second), counters_(counters_of(inheritance, sources.actions)),
      workers_(
          {.workers = settings.workers,
           .tells_status = !settings.status_socket.empty(),
           .max_requests = settings.max_requests,
           .request_timeout = settings.request_timeout},
          counters_,
          [this](WorkerCell* cell, const Workers::Ready& ready) { return run_child(cell, ready); },
          inheritance ? inheritance->workers : std::vector<InheritedWorker>()),
      companion_(companion) {
  count_lost_lines(&counters_.lost_log_lines());
  reset_signals();
  sigset_t signals;
  sigemptyset(&signals);
  // SIGUSR2 is for the workers: one that is told to retire before it serves finds it waiting.
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2})
    sigaddset(&signals, signal);
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  signals_ = Descriptor::checked(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  if (inheritance) {
    listening_ = Descriptor(inheritance->listening);
    status_listening_ = Descriptor(inheritance->status_listening);
    is_systemds_ = inheritance->is_systemds;
    const auto [giving, taking] = inheritance->handover;
    handover_ = std::make_unique<Handover>(DescriptorPair{Descriptor(giving), Descriptor(taking)});
    return;
  }
  auto passed = take_passed_socket(settings.socket);
  is_systemds_ = passed.has_value();
  listening_ = passed ? *std::move(passed) : listen_on(settings.socket, settings.socket_group);
  handover_ = std::make_unique<Handover>();
  if (!settings.status_socket.empty())
    status_listening_ = listen_on(settings.status_socket, settings.socket_group);
}

int Supervisor::run() {
  log_event("info", workers_.pids().empty() ? "pool started" : "pool executed anew",
            {{"socket", settings_.socket.string()},
             {"workers", std::to_string(settings_.workers)},
             {"threads", std::to_string(settings_.threads)}});
  reap();  // who died while this program was executed
  while (!stopping_) {
    if (workers_.look_after()) {
      log_event("info", "reloaded", {{"workers", std::to_string(settings_.workers)}});
      counters_.note_reload(true, "");
      reload_.tell("reloaded at " + log_time());
    }
    if (reload_wanted_ && !trial_) begin_reload();
    if (const auto now = Clock::now(); now >= next_second_) {
      next_second_ = now + seconds(1);
      note_minute(counters_);
      companion_.look_after(now);
      every_second_();
    }
    notify_systemd("READY=1\nWATCHDOG=1");  // READY means nothing but the first time
    wait();
  }
  return stop();
}

int Supervisor::run_child(WorkerCell* cell, const Workers::Ready& ready) {
  signals_.close();
  try {
    if (cell == nullptr) return run_status(status_listening_.get(), counters_, sources_, ready);
    return run_worker({listening_.get(), *handover_}, {counters_, *cell}, settings_.threads,
                      make_service_, ready);
  } catch (const std::exception& error) {
    log_event("error", "worker failed", {{"reason", error.what()}});
    return 1;
  }
}

Inheritance Supervisor::inheritance() const {
  const auto& [giving, taking] = handover_->ends();
  return {.listening = listening_.get(),
          .is_systemds = is_systemds_,
          .lock = reload_.lock,
          .handover = {giving.get(), taking.get()},
          .counters = counters_.descriptor(),
          .status_listening = status_listening_.get(),
          .workers = workers_.bequest()};
}

void Supervisor::begin_reload() {
  reload_wanted_ = false;
  log_event("info", "reload begins");
  const Inheritance left = inheritance();
  bequeath(left);  // so that the trial sees what cannot be changed
  try {
    trial_ = std::make_unique<Trial>(reload_.trial);
  } catch (const std::exception& error) {
    fail_reload(error.what());
  }
  disinherit(left);
}

void Supervisor::finish_trial(int status) {
  trial_->was_reaped();
  const std::string words = trial_->last_words();
  trial_.reset();
  if (stopping_) return;
  if (status == 0) return execute_anew();
  fail_reload(words + " (" + describe(status) + ")");
}

void Supervisor::fail_reload(const std::string& reason) {
  log_event("error", "reload failed, the pool goes on as it was", {{"reason", reason}});
  counters_.note_reload(false, reason);
  reload_.tell("reload failed at " + log_time() + ": " + reason);
}

// Returns only when it cannot be done.
void Supervisor::execute_anew() {
  const Inheritance left = inheritance();
  bequeath(left);
  companion_.signal(SIGTERM);  // the new program starts its own, this one starts it again
  execute(reload_.command);
  const int error = errno;
  disinherit(left);
  fail_reload(reload_.command.front() + ": " + std::strerror(error));
}

milliseconds Supervisor::time_to_next_look() const {
  const auto next = std::min(workers_.next_look(), next_second_);
  milliseconds soonest =
      std::min(watchdog_interval(), std::chrono::ceil<milliseconds>(next - Clock::now()));
  if (trial_) soonest = std::min(soonest, milliseconds(500));
  return std::max(soonest, milliseconds(0));
}

void Supervisor::wait() {
  std::array<pollfd, 3> waiting{
      {{.fd = signals_.get(), .events = POLLIN, .revents = 0},
       {.fd = workers_.woken(), .events = POLLIN, .revents = 0},
       {.fd = trial_ ? trial_->output() : -1, .events = POLLIN, .revents = 0}}};
  poll(waiting.data(), waiting.size(), static_cast<int>(time_to_next_look().count()));
  if (trial_ && waiting[2].revents != 0) trial_->read_output();
  if (trial_ && trial_->is_late()) kill(trial_->pid(), SIGKILL);
  obey_signals();
}

void Supervisor::wait_for_signal(milliseconds limit) {
  pollfd waiting{.fd = signals_.get(), .events = POLLIN, .revents = 0};
  poll(&waiting, 1, static_cast<int>(limit.count()));
  obey_signals();
}

void Supervisor::obey_signals() {
  signalfd_siginfo info;
  while (read(signals_.get(), &info, sizeof info) == sizeof info) {
    const auto signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGCHLD) reap();
    if (signal == SIGHUP) reload_wanted_ = true;
    if (signal == SIGUSR1) {
      reopen_log();
      workers_.signal_all(SIGUSR1);
      companion_.signal(SIGUSR1);
    }
    if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
  }
}

void Supervisor::reap() {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (trial_ && pid == trial_->pid())
      finish_trial(status);
    else if (!companion_.reap(pid, status, Clock::now()))
      workers_.reap(pid, status);
  }
}

int Supervisor::stop() {
  trial_.reset();
  listening_.close();
  notify_systemd("STOPPING=1");
  if (!is_systemds_) unlink(settings_.socket.c_str());
  if (status_listening_) unlink(settings_.status_socket.c_str());
  workers_.stop();
  companion_.stop();
  const auto deadline = Clock::now() + drain_time;
  while ((!workers_.pids().empty() || companion_.is_running()) && Clock::now() < deadline)
    wait_for_signal(std::chrono::ceil<milliseconds>(deadline - Clock::now()));
  if (!workers_.pids().empty()) log_event("error", "workers did not finish in time and are killed");
  workers_.signal_all(SIGKILL);
  companion_.signal(SIGKILL);
  while (!workers_.pids().empty() || companion_.is_running()) wait_for_signal(drain_time);
  log_event("info", "pool stopped");
  return 0;
}

}  // namespace

int supervise(const PoolSettings& settings, const ServiceMaker& make_service,
              const StatusSources& sources, const Reload& reload,
              const std::optional<Inheritance>& inheritance,
              const std::function<void()>& every_second,
              const std::vector<std::string>& companion) {
  return Supervisor(settings, make_service, sources, reload, inheritance, every_second, companion)
      .run();
}

}  // namespace actiond
