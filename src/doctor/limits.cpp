// The limits that systemd and the kernel set to the running pool.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <thread>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "doctor/processes.h"
#include "program/engine.h"
#include "program/running_server.h"

namespace actiond::doctor {
namespace {

// A connection, an epoll, a database and its log, and files on their way.
constexpr std::uintmax_t files_a_thread = 8;
constexpr std::uintmax_t files_a_worker = 64;
// A worker at rest, a body on each thread, and a password being hashed.
constexpr std::uintmax_t memory_a_worker = 48 * mebibyte;
constexpr std::uintmax_t memory_a_thread = 2 * mebibyte;
constexpr int wanted_backlog = 4096;

// "/sys/fs/cgroup/system.slice/actiond.service", or nothing outside a cgroup of its own.
std::string cgroup_of(const std::string& pid) {
  const std::string text = read_whole("/proc/" + pid + "/cgroup");
  const std::size_t at = text.find("0::/");
  if (at == text.npos) return {};
  return "/sys/fs/cgroup" + text.substr(at + 3, text.find('\n', at) - at - 3);
}

int count_unfiltered_children(pid_t supervisor) {
  int count = 0;
  for (const pid_t pid : children_of(supervisor)) {
    const std::string status = read_whole("/proc/" + std::to_string(pid) + "/status");
    if (status.find("\nSeccomp:\t2\n") == status.npos && !status.empty()) ++count;
  }
  return count;
}

// A worker that has just begun gives up system calls within moments.
int count_unfiltered_workers(pid_t supervisor) {
  constexpr int most_looks = 20;
  constexpr std::chrono::milliseconds between_looks(50);
  int count = count_unfiltered_children(supervisor);
  for (int look = 1; look < most_looks && count > 0; ++look) {
    std::this_thread::sleep_for(between_looks);
    count = count_unfiltered_children(supervisor);
  }
  return count;
}

}  // namespace

Findings judge(const LimitFacts& facts) {
  const auto workers = static_cast<std::uintmax_t>(facts.workers);
  const auto threads = static_cast<std::uintmax_t>(facts.threads);
  Findings found;
  if (const auto wanted = threads * files_a_thread + files_a_worker; facts.open_files < wanted)
    found.push_back(
        {fmt::format("a worker may open {} files, and may want {}", facts.open_files, wanted),
         "With many visitors at once some get a 503.",
         fmt::format("`LimitNOFILE={}` in {}.service.", wanted * 2, program_name())});
  if (const auto wanted = workers * (threads + 2) + 16; facts.tasks < wanted)
    found.push_back(
        {fmt::format("the service may have {} tasks, and wants {}", facts.tasks, wanted),
         "Workers cannot start their threads and die at once.",
         fmt::format("`TasksMax={}` in {}.service.", wanted * 2, program_name())});
  if (const auto wanted = workers * (memory_a_worker + threads * memory_a_thread);
      facts.memory_bytes < wanted)
    found.push_back({fmt::format("the service may use {} MiB, and may want {} MiB",
                                 facts.memory_bytes / mebibyte, wanted / mebibyte),
                     "The kernel kills workers when many visitors come.",
                     fmt::format("`MemoryMax={}M` in {}.service, or fewer workers or threads.",
                                 wanted * 2 / mebibyte, program_name())});
  if (facts.killed_as_a_group)
    found.push_back({"one worker that is killed for memory takes the whole service with it",
                     "All requests that run are lost instead of one worker's.",
                     fmt::format("`OOMPolicy=continue` in {}.service.", program_name())});
  if (facts.backlog < wanted_backlog)
    found.push_back({fmt::format("net.core.somaxconn is {}", facts.backlog),
                     fmt::format("A rush of more than {} requests gets 503 at once instead of "
                                 "waiting its turn.",
                                 facts.backlog),
                     fmt::format("`sysctl net.core.somaxconn={}`, and the same in /etc/sysctl.d.",
                                 wanted_backlog)});
  if (facts.unfiltered_workers > 0)
    found.push_back({fmt::format("{} of {} workers may make every system call",
                                 facts.unfiltered_workers, workers),
                     "Whoever breaks into one can run programs and open connections.",
                     "A kernel with CONFIG_SECCOMP_FILTER; in a unit of your own, `seccomp` in "
                     "SystemCallFilter. The log says why, at the start of each worker."});
  return found;
}

Findings check_limits(const Patient& patient) {
  const Settings& settings = patient.settings;
  const auto server = running_server(settings);
  if (!server)
    return {{fmt::format("no server runs on {}", shown_place(settings)),
             "Visitors get the static pages and a 503 for everything else.",
             fmt::format("`systemctl start {0}`, and see `journalctl -u {0}` for why it stopped.",
                         program_name())}};
  const std::string cgroup = cgroup_of(std::to_string(server->pid));
  return judge(LimitFacts{
      .workers = settings.pool.workers,
      .threads = settings.pool.threads,
      .open_files = open_files_of(server->pid),
      .tasks = number_at(read_whole(cgroup + "/pids.max"), 0),
      .memory_bytes = number_at(read_whole(cgroup + "/memory.max"), 0),
      .killed_as_a_group = read_whole(cgroup + "/memory.oom.group").starts_with('1'),
      .backlog = static_cast<int>(
          std::min<std::uintmax_t>(number_at(read_whole("/proc/sys/net/core/somaxconn"), 0),
                                   std::numeric_limits<int>::max())),
      .unfiltered_workers = count_unfiltered_workers(server->pid),
  });
}

}  // namespace actiond::doctor
