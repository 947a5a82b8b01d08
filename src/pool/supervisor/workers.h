// The processes of a pool: started, replaced when they die, are worn out or stuck, and told to go.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "pool/status/counters.h"
#include "pool/supervisor/inheritance.h"
#include "pool/supervisor/oom_kills.h"
#include "pool/supervisor/stuck_requests.h"

namespace actiond {

// How long who was told to go may take for what runs.
constexpr std::chrono::seconds drain_time(30);

// An exit status of waitpid(2) in words.
std::string describe(int status);

struct WorkersSettings {
  int workers;
  bool tells_status;           // by one process more, which answers no visitor
  std::uint64_t max_requests;  // a worker is replaced after about as many; 0: never
  std::chrono::milliseconds request_timeout;
};

class Workers {
 public:
  using Clock = std::chrono::steady_clock;
  using Ready = std::function<void()>;
  // The main function of a child, which returns its exit status: a worker with its cell, or the
  // status process with none.  It calls `ready` when it serves.
  using Run = std::function<int(WorkerCell* cell, const Ready& ready)>;

  // `former` are of before a reload: they serve until the new ones do.
  Workers(const WorkersSettings& settings, Counters& counters, Run run,
          const std::vector<InheritedWorker>& former);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Starts who is due, tells those to go for whom others serve now, and ends who did not go in
  // time. True once, when those of before the reload have been told.
  bool look_after();
  // When the next of that is due; readable when it is due before.
  Clock::time_point next_look() const;
  int woken() const { return ready_[0].get(); }

  void reap(pid_t pid, int status);
  // From now on nobody is replaced.
  void stop();
  void signal_all(int signal) const;
  std::vector<pid_t> pids() const;
  // All of them, for the program that is executed in the supervisor's place.
  std::vector<InheritedWorker> bequest() const;

 private:
  struct Worker {
    bool tells_status = false;
    pid_t pid = 0;  // 0: waits to be started
    WorkerCell* cell = nullptr;
    bool is_ready = false;
    Clock::time_point since = {};
    std::chrono::milliseconds pause{0};
    std::uint64_t max_requests = 0;
  };
  // One whose place another one takes.
  struct Former {
    pid_t pid;
    WorkerCell* cell;
    Ending why;
    std::optional<Clock::time_point> deadline = {};  // once it was told to go
    bool is_inherited = false;
    bool is_killed = false;

    // Whether `status` is how one ends that was told to.
    bool went(int status) const { return status == 0 || is_killed; }
  };

  void start(Worker& worker);
  void rest(Worker& worker);
  void vacate(Worker& worker, const Former& former);
  void hear_of_ready();
  bool all_serve() const;
  bool retire_former();
  void tell_who_is_left();
  void end_late_former();
  void replace_stuck();
  void replace_worn();
  Ending ending_of(int status, const Former* former);
  void log_lost_requests(const WorkerCell& cell) const;

  const WorkersSettings settings_;
  Counters& counters_;
  const Run run_;
  const std::uint64_t generation_;
  std::vector<Worker> workers_;
  std::vector<Former> former_;
  DescriptorPair ready_ = make_pipe(O_NONBLOCK);  // a worker writes its process id when it serves
  StuckRequests stuck_;
  OomKills oom_kills_;
  std::minstd_rand random_{std::random_device()()};
  Clock::time_point next_count_;  // when the counters are looked at again
  bool stopping_ = false;
};

}  // namespace actiond
