#include "pool/supervisor/workers.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include "base/log.h"
#include "pool/worker/worker.h"

namespace actiond {
namespace {

using std::chrono::milliseconds;

// A worker that lived this long did not die at once.
constexpr milliseconds healthy_life(1000);
constexpr milliseconds shortest_pause(100);
constexpr milliseconds longest_pause(30'000);
constexpr milliseconds count_every(1000);
// For what runs beside a request that is stuck, which may hold the write lock meanwhile.
constexpr milliseconds last_moments(2000);

template <class Processes>
auto find(Processes& processes, pid_t pid) {
  return std::find_if(processes.begin(), processes.end(),
                      [pid](const auto& each) { return each.pid == pid; });
}

}  // namespace

std::string describe(int status) {
  if (WIFSIGNALED(status)) return std::string("signal ") + strsignal(WTERMSIG(status));
  return "exit " + std::to_string(WEXITSTATUS(status));
}

Workers::Workers(const WorkersSettings& settings, Counters& counters, Run run,
                 const std::vector<InheritedWorker>& former)
    : settings_(settings), counters_(counters), run_(std::move(run)),
      generation_(counters_.begin_generation()),
      workers_(static_cast<std::size_t>(settings.workers)), stuck_(settings.request_timeout),
      next_count_(Clock::now() + count_every) {
  if (settings.tells_status) workers_.push_back({.tells_status = true});
  for (const auto& [pid, cell] : former)
    former_.push_back({.pid = pid,
                       .cell = cell ? counters_.take_over(*cell) : nullptr,
                       .why = Ending::Reload,
                       .is_inherited = true});
}

bool Workers::look_after() {
  if (stopping_) return false;
  hear_of_ready();
  end_late_former();
  if (const auto now = Clock::now(); now >= next_count_) {
    next_count_ = now + count_every;
    replace_stuck();
    replace_worn();
  }
  for (Worker& worker : workers_)
    if (worker.pid == 0 && Clock::now() >= worker.since + worker.pause) start(worker);
  tell_who_is_left();
  return all_serve() && retire_former();
}

Workers::Clock::time_point Workers::next_look() const {
  auto next = next_count_;
  for (const Worker& worker : workers_)
    if (worker.pid == 0) next = std::min(next, worker.since + worker.pause);
  for (const Former& former : former_)
    if (former.deadline && !former.is_killed) next = std::min(next, *former.deadline);
  return next;
}

void Workers::start(Worker& worker) {
  const pid_t supervisor = getpid();
  WorkerCell* const cell = worker.tells_status ? nullptr : &counters_.take_cell(generation_);
  const pid_t pid = fork();
  if (pid == 0) {
    // Without its supervisor a worker has no reason to live.
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != supervisor) _exit(0);
    ready_[0].close();
    counters_.confine_to(cell);
    _exit(run_(cell, [this] {
      const pid_t self = getpid();
      [[maybe_unused]] const ssize_t told = write(ready_[1].get(), &self, sizeof self);
      ready_[1].close();
    }));
  }
  worker.since = Clock::now();
  worker.is_ready = false;
  // Not all at the same time.
  const std::uint64_t most = settings_.max_requests;
  worker.max_requests = std::uniform_int_distribution(most, most + most / 10)(random_);
  if (pid > 0) {
    if (cell != nullptr) cell->pid = pid;
    worker.pid = pid;
    worker.cell = cell;
    return;
  }
  if (cell != nullptr) counters_.give_back(*cell);
  worker.pause = std::clamp(worker.pause * 2, shortest_pause, longest_pause);
  log_event("error", "cannot fork", {{"reason", std::strerror(errno)}});
}

// One that dies at once is started again later and later.
void Workers::rest(Worker& worker) {
  const bool at_once = Clock::now() - worker.since < healthy_life;
  worker.pid = 0;
  worker.cell = nullptr;
  worker.is_ready = false;
  worker.since = Clock::now();
  worker.pause =
      at_once ? std::clamp(worker.pause * 2, shortest_pause, longest_pause) : milliseconds(0);
}

// Another one is started in its place.
void Workers::vacate(Worker& worker, const Former& former) {
  former_.push_back(former);
  worker = {.since = Clock::now()};
}

void Workers::hear_of_ready() {
  for (pid_t pid; read(ready_[0].get(), &pid, sizeof pid) == sizeof pid;)
    if (const auto worker = find(workers_, pid); worker != workers_.end()) worker->is_ready = true;
}

bool Workers::all_serve() const {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const Worker& worker) { return worker.is_ready || worker.tells_status; });
}

// True when some were of before the reload.
bool Workers::retire_former() {
  bool reloaded = false;
  for (Former& former : former_) {
    if (former.deadline) continue;
    kill(former.pid, SIGUSR2);
    former.deadline = Clock::now() + drain_time;
    if (former.why == Ending::Reload)
      reloaded = true;
    else
      log_event("info", "worker replaced",
                {{"pid", std::to_string(former.pid)},
                 {"reason", std::string(ending_names[static_cast<std::size_t>(former.why)])}});
  }
  return reloaded;
}

// Once those of before the reload were reaped.
void Workers::tell_who_is_left() {
  if (std::ranges::any_of(former_, &Former::is_inherited)) return;
  for (const Worker& worker : workers_)
    if (worker.cell != nullptr) worker.cell->is_of_last = true;
}

void Workers::end_late_former() {
  for (Former& former : former_) {
    if (!former.deadline || former.is_killed || Clock::now() < *former.deadline) continue;
    log_event("error", "a worker did not finish in time and is killed",
              {{"pid", std::to_string(former.pid)}});
    kill(former.pid, SIGKILL);
    former.is_killed = true;
  }
}

void Workers::replace_stuck() {
  const auto is_stuck = [](const Former& each) { return each.why == Ending::RequestTimeout; };
  // Others may be late only because they wait for that one.
  if (std::any_of(former_.begin(), former_.end(), is_stuck)) return stuck_.forget();
  std::vector<Watched> watched;
  for (const Worker& worker : workers_)
    if (worker.cell != nullptr) watched.push_back({worker.pid, worker.cell});
  for (const Former& former : former_)
    if (former.cell != nullptr) watched.push_back({former.pid, former.cell});
  const auto request = stuck_.look(counters_, watched, Clock::now());
  if (!request) return;
  const auto worker = find(workers_, request->pid);
  const auto former = find(former_, request->pid);
  log_event("error", "a request takes too long, and its worker ends",
            {{"id", request->id},
             {"action", request->action},
             {"phase", request->phase},
             {"ms", std::to_string(request->age.count())},
             {"phase_ms", std::to_string(request->in_phase.count())},
             {"pid", std::to_string(request->pid)}});
  const auto deadline = Clock::now() + last_moments;
  if (worker != workers_.end()) {
    vacate(*worker, {worker->pid, worker->cell, Ending::RequestTimeout, deadline});
  } else {
    former->why = Ending::RequestTimeout;
    former->deadline = std::min(former->deadline.value_or(deadline), deadline);
  }
  kill(request->pid, SIGUSR2);
}

// One at a time, and while nothing else is on its way.
void Workers::replace_worn() {
  if (settings_.max_requests == 0 || !former_.empty() || !all_serve()) return;
  for (Worker& worker : workers_) {
    if (worker.cell == nullptr || value_of(worker.cell->answered) < worker.max_requests) continue;
    return vacate(worker, {worker.pid, worker.cell, Ending::MaxRequests});
  }
}

Ending Workers::ending_of(int status, const Former* former) {
  const bool killed_for_memory = oom_kills_.have_grown();
  if (former != nullptr && former->went(status)) return former->why;
  if (WIFSIGNALED(status))
    return WTERMSIG(status) == SIGKILL && killed_for_memory ? Ending::Memory : Ending::Signal;
  return WEXITSTATUS(status) == exit_failed ? Ending::DeviceFailure : Ending::Exit;
}

// Nobody else can say any more what a worker that crashed was at.
void Workers::log_lost_requests(const WorkerCell& cell) const {
  const auto actions = counters_.actions();
  for (const ThreadNow& thread : busy_threads(cell)) {
    if (thread.doing < ThreadCell::FirstPhase) continue;
    log_event("error", "request lost",
              {{"id", thread.id},
               {"action", actions.at(thread.action < actions.size() ? thread.action : 0).name},
               {"phase", std::string(thread.text())}});
  }
}

void Workers::reap(pid_t pid, int status) {
  const auto worker = find(workers_, pid);
  const auto former = find(former_, pid);
  // The first process of a PID namespace gets the orphans of all others.
  if (worker == workers_.end() && former == former_.end()) return;
  const bool was_told = former != former_.end() && former->went(status);
  const Ending ending = ending_of(status, former == former_.end() ? nullptr : &*former);
  if (!stopping_ && !was_told)
    log_event("error", "worker died",
              {{"pid", std::to_string(pid)},
               {"reason", ending == Ending::Memory ? "killed for memory" : describe(status)}});
  if (WorkerCell* const cell = worker != workers_.end() ? worker->cell : former->cell) {
    if (!stopping_ && !was_told) log_lost_requests(*cell);
    counters_.give_back(*cell);
    if (!stopping_) counters_.note_ending(ending);
  }
  if (former != former_.end()) former_.erase(former);
  if (worker != workers_.end()) rest(*worker);
}

void Workers::stop() {
  stopping_ = true;
  signal_all(SIGTERM);
}

void Workers::signal_all(int signal) const {
  for (const pid_t pid : pids()) kill(pid, signal);
}

std::vector<pid_t> Workers::pids() const {
  std::vector<pid_t> pids;
  for (const InheritedWorker& each : bequest()) pids.push_back(each.pid);
  return pids;
}

std::vector<InheritedWorker> Workers::bequest() const {
  std::vector<InheritedWorker> all;
  const auto add = [&](pid_t pid, const WorkerCell* cell) {
    all.push_back({pid, cell ? std::optional(counters_.number_of(*cell)) : std::nullopt});
  };
  for (const Former& former : former_) add(former.pid, former.cell);
  for (const Worker& worker : workers_)
    if (worker.pid != 0) add(worker.pid, worker.cell);
  return all;
}

}  // namespace actiond
