#include "pool/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
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

#include "pool/listen.h"
#include "pool/log.h"
#include "pool/notify.h"
#include "pool/trial.h"

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
  bool tells_status = false;  // and answers no visitor
  pid_t pid = 0;              // 0: waits to be started
  bool is_ready = false;
  Clock::time_point since;
  milliseconds pause{0};
};

// One of before the reload: it serves until the new ones do, and then ends what it has.
struct Former {
  pid_t pid;
  std::optional<Clock::time_point> deadline = {};  // once it was told to retire
};

std::string describe(int status) {
  if (WIFSIGNALED(status)) return std::string("signal ") + strsignal(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

Ending ending_of(int status, bool retired) {
  if (WIFSIGNALED(status)) return Ending::Signal;
  if (WEXITSTATUS(status) == exit_failed) return Ending::DeviceFailure;
  return retired ? Ending::Reload : Ending::Exit;
}

class Supervisor {
 public:
  Supervisor(const PoolSettings& settings, const ServiceMaker& make_service,
             const StatusSources& sources, const Reload& reload,
             const std::optional<Inheritance>& inheritance);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  ~Supervisor();

  int run();

 private:
  void start(Worker& worker);
  int run_child(WorkerCell* cell, int ready_pipe) const;
  void hear_of_ready();
  void retire_former();
  void end_late_former();
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
  void rest(Worker& worker);
  bool all_gone() const;
  void signal_all(int signal) const;
  int stop();

  const PoolSettings& settings_;
  const ServiceMaker& make_service_;
  const StatusSources& sources_;
  const Reload& reload_;
  Counters counters_;
  const std::uint64_t generation_;
  std::vector<Worker> workers_;
  std::vector<Former> former_;
  std::unique_ptr<Handover> handover_;
  std::unique_ptr<Trial> trial_;
  bool reload_wanted_ = false;
  int signals_ = -1;
  std::array<int, 2> ready_{-1, -1};  // a worker writes its process id when it serves
  int listening_ = -1;
  int status_listening_ = -1;
  bool is_systemds_ = false;  // systemd made the socket, and others may wait in it
  bool stopping_ = false;
};

Counters counters_of(const std::optional<Inheritance>& inheritance,
                     const std::vector<CountedAction>& actions) {
  if (inheritance)
    if (auto counters = Counters::inherit(inheritance->counters, actions))
      return *std::move(counters);
  return Counters(actions);
}

Supervisor::Supervisor(const PoolSettings& settings, const ServiceMaker& make_service,
                       const StatusSources& sources, const Reload& reload,
                       const std::optional<Inheritance>& inheritance)
    : settings_(settings), make_service_(make_service), sources_(sources), reload_(reload),
      counters_(counters_of(inheritance, sources.actions)),
      generation_(counters_.newest_generation() + 1),
      workers_(static_cast<std::size_t>(settings.workers)) {
  sigset_t signals;
  sigemptyset(&signals);
  // SIGUSR2 is for the workers: one that is told to retire before it serves finds it waiting.
  for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2})
    sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  signals_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0 || pipe2(ready_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "supervisor");
  if (!settings.status_socket.empty()) workers_.emplace_back().tells_status = true;
  if (inheritance) {
    listening_ = inheritance->listening;
    status_listening_ = inheritance->status_listening;
    is_systemds_ = inheritance->is_systemds;
    handover_ = std::make_unique<Handover>(inheritance->handover);
    for (const pid_t pid : inheritance->workers) former_.push_back({pid});
    return;
  }
  const auto passed = take_passed_socket(settings.socket);
  is_systemds_ = passed.has_value();
  listening_ = passed ? *passed : listen_on(settings.socket, settings.socket_group);
  handover_ = std::make_unique<Handover>();
  if (!settings.status_socket.empty())
    status_listening_ = listen_on(settings.status_socket, settings.socket_group);
}

Supervisor::~Supervisor() {
  for (const int descriptor : {signals_, ready_[0], ready_[1]}) close(descriptor);
}

int Supervisor::run() {
  log_event("info", former_.empty() ? "pool started" : "pool executed anew",
            {{"socket", settings_.socket.string()},
             {"workers", std::to_string(settings_.workers)},
             {"threads", std::to_string(settings_.threads)}});
  reap();  // who died while this program was executed
  while (!stopping_) {
    for (Worker& worker : workers_)
      if (worker.pid == 0 && Clock::now() >= worker.since + worker.pause) start(worker);
    if (reload_wanted_ && !trial_) begin_reload();
    notify_systemd("READY=1\nWATCHDOG=1");  // said again, the first means nothing
    wait();
  }
  return stop();
}

void Supervisor::start(Worker& worker) {
  const pid_t supervisor = getpid();
  WorkerCell* const cell = worker.tells_status ? nullptr : &counters_.take_cell(generation_);
  const pid_t pid = fork();
  if (pid == 0) {
    // Without its supervisor a worker has no reason to live.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != supervisor) _exit(0);
    close(signals_);
    close(ready_[0]);
    _exit(run_child(cell, ready_[1]));
  }
  worker.since = Clock::now();
  worker.is_ready = false;
  if (cell != nullptr) cell->pid = std::max(pid, 0);
  if (pid > 0) {
    worker.pid = pid;
    return;
  }
  worker.pause = std::clamp(worker.pause * 2, shortest_pause, longest_pause);
  log_event("error", "cannot fork", {{"reason", std::strerror(errno)}});
}

int Supervisor::run_child(WorkerCell* cell, int ready_pipe) const {
  std::signal(SIGPIPE, SIG_IGN);  // a supervisor that was executed anew hears nothing of this pipe
  const auto ready = [ready_pipe] {
    const pid_t pid = getpid();
    [[maybe_unused]] const ssize_t told = write(ready_pipe, &pid, sizeof pid);
    close(ready_pipe);
  };
  try {
    if (cell == nullptr) return run_status(status_listening_, counters_, sources_, ready);
    return run_worker({listening_, *handover_}, {counters_, *cell}, settings_.threads,
                      make_service_, ready);
  } catch (const std::exception& error) {
    log_event("error", "worker failed", {{"reason", error.what()}});
    return 1;
  }
}

void Supervisor::hear_of_ready() {
  for (pid_t pid; read(ready_[0], &pid, sizeof pid) == sizeof pid;)
    for (Worker& worker : workers_)
      if (worker.pid == pid) worker.is_ready = true;
  const bool all_ready = std::all_of(workers_.begin(), workers_.end(), [](const Worker& worker) {
    return worker.is_ready || worker.tells_status;
  });
  if (all_ready && !stopping_) retire_former();
}

void Supervisor::retire_former() {
  bool some = false;
  for (Former& former : former_) {
    if (former.deadline) continue;
    kill(former.pid, SIGUSR2);
    former.deadline = Clock::now() + drain_time;
    some = true;
  }
  if (!some) return;
  log_event("info", "reloaded", {{"workers", std::to_string(settings_.workers)}});
  counters_.note_reload(true, "");
  reload_.tell("reloaded at " + log_time());
}

void Supervisor::end_late_former() {
  for (Former& former : former_) {
    if (!former.deadline || Clock::now() < *former.deadline) continue;
    log_event("error", "a worker did not finish in time and is killed",
              {{"pid", std::to_string(former.pid)}});
    kill(former.pid, SIGKILL);
    former.deadline = Clock::time_point::max();
  }
}

Inheritance Supervisor::inheritance() const {
  Inheritance left{listening_,
                   is_systemds_,
                   reload_.lock,
                   handover_->ends(),
                   counters_.descriptor(),
                   status_listening_,
                   {}};
  for (const Former& former : former_) left.workers.push_back(former.pid);
  for (const Worker& worker : workers_)
    if (worker.pid != 0) left.workers.push_back(worker.pid);
  return left;
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
  execute(reload_.command);
  const int error = errno;
  disinherit(left);
  fail_reload(reload_.command.front() + ": " + std::strerror(error));
}

// The longest there is when nothing is due.
milliseconds Supervisor::time_to_next_look() const {
  milliseconds soonest = watchdog_interval();
  const auto look_at = [&soonest](Clock::time_point when) {
    soonest = std::min(soonest, std::chrono::ceil<milliseconds>(when - Clock::now()));
  };
  for (const Worker& worker : workers_)
    if (worker.pid == 0) look_at(worker.since + worker.pause);
  for (const Former& former : former_)
    if (former.deadline && *former.deadline != Clock::time_point::max()) look_at(*former.deadline);
  if (trial_) soonest = std::min(soonest, milliseconds(500));
  return std::max(soonest, milliseconds(0));
}

void Supervisor::wait() {
  std::array<pollfd, 3> waiting{
      {{.fd = signals_, .events = POLLIN, .revents = 0},
       {.fd = ready_[0], .events = POLLIN, .revents = 0},
       {.fd = trial_ ? trial_->output() : -1, .events = POLLIN, .revents = 0}}};
  const milliseconds limit = time_to_next_look();
  const int timeout = limit > std::chrono::hours(1) ? -1 : static_cast<int>(limit.count());
  poll(waiting.data(), waiting.size(), timeout);
  if (trial_ && waiting[2].revents != 0) trial_->read_output();
  if (trial_ && trial_->is_late()) kill(trial_->pid(), SIGKILL);
  if (waiting[1].revents != 0) hear_of_ready();
  end_late_former();
  obey_signals();
}

void Supervisor::wait_for_signal(milliseconds limit) {
  pollfd waiting{.fd = signals_, .events = POLLIN, .revents = 0};
  poll(&waiting, 1, static_cast<int>(limit.count()));
  obey_signals();
}

void Supervisor::obey_signals() {
  signalfd_siginfo info;
  while (read(signals_, &info, sizeof info) == sizeof info) {
    const auto signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGCHLD) reap();
    if (signal == SIGHUP) reload_wanted_ = true;
    if (signal == SIGUSR1) {
      reopen_log();
      signal_all(SIGUSR1);
    }
    if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
  }
}

void Supervisor::reap() {
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (trial_ && pid == trial_->pid()) {
      finish_trial(status);
      continue;
    }
    const auto is_it = [pid](const auto& each) { return each.pid == pid; };
    const auto dead = std::find_if(workers_.begin(), workers_.end(), is_it);
    const auto former = std::find_if(former_.begin(), former_.end(), is_it);
    // A former one may have been told to retire before this program was executed.
    const bool retired = former != former_.end() && status == 0;
    if (!stopping_ && !retired)
      log_event("error", "worker died",
                {{"pid", std::to_string(pid)}, {"reason", describe(status)}});
    if (WorkerCell* const cell = counters_.find_cell(pid)) {
      counters_.give_back(*cell);
      if (!stopping_) counters_.note_ending(ending_of(status, retired));
    }
    if (former != former_.end()) former_.erase(former);
    if (dead != workers_.end()) rest(*dead);
  }
}

// One that dies at once is started again later and later.
void Supervisor::rest(Worker& worker) {
  const bool at_once = Clock::now() - worker.since < healthy_life;
  worker.pid = 0;
  worker.is_ready = false;
  worker.since = Clock::now();
  worker.pause =
      at_once ? std::clamp(worker.pause * 2, shortest_pause, longest_pause) : milliseconds(0);
}

bool Supervisor::all_gone() const {
  return former_.empty() && std::all_of(workers_.begin(), workers_.end(),
                                        [](const Worker& worker) { return worker.pid == 0; });
}

void Supervisor::signal_all(int signal) const {
  for (const Worker& worker : workers_)
    if (worker.pid != 0) kill(worker.pid, signal);
  for (const Former& former : former_) kill(former.pid, signal);
}

int Supervisor::stop() {
  trial_.reset();
  close(listening_);
  notify_systemd("STOPPING=1");
  if (!is_systemds_) unlink(settings_.socket.c_str());
  if (status_listening_ >= 0) unlink(settings_.status_socket.c_str());
  signal_all(SIGTERM);
  const auto deadline = Clock::now() + drain_time;
  while (!all_gone() && Clock::now() < deadline)
    wait_for_signal(std::chrono::ceil<milliseconds>(deadline - Clock::now()));
  if (!all_gone()) log_event("error", "workers did not finish in time and are killed");
  signal_all(SIGKILL);
  while (!all_gone()) wait_for_signal(drain_time);
  log_event("info", "pool stopped");
  return 0;
}

}  // namespace

int supervise(const PoolSettings& settings, const ServiceMaker& make_service,
              const StatusSources& sources, const Reload& reload,
              const std::optional<Inheritance>& inheritance) {
  return Supervisor(settings, make_service, sources, reload, inheritance).run();
}

}  // namespace actiond
