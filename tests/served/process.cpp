#include "served/process.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace actiond::http {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// In a group of its own, and gone with the test.
pid_t start(const std::vector<std::string>& command, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string path = std::string("PATH=") + std::getenv("PATH") + ":/usr/sbin";
  const pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid > 0) {
    setpgid(pid, pid);  // here as well: whoever comes first
    return pid;
  }
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  putenv(const_cast<char*>(path.c_str()));
  execvp(arguments[0], arguments.data());
  _exit(127);
}

int exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// The fields of /proc/PID/stat (proc(5)) from the third on: those before may hold spaces.  None of
// a process that ends meanwhile: reading it fails then.
std::vector<std::string> stat_fields(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const std::size_t end = text.rfind(')');
  if (end == text.npos) return {};
  std::istringstream rest(text.substr(end + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& output) {
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (input < 0 || log < 0) fail(output);
  pid_ = start(command, input, log);
  close(input);
  close(log);
}

Process::~Process() {
  kill(-pid_, SIGKILL);
  wait(std::chrono::seconds(5));
}

void Process::reap() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = exit_status(status);
}

bool Process::running() {
  reap();
  return !status_;
}

void Process::signal(int signal) const {
  if (!status_) kill(pid_, signal);
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  eventually([this] { return !running(); }, limit);
  return status_;
}

bool Process::leaves_some() const { return kill(-pid_, 0) == 0; }

Outcome run(const std::vector<std::string>& command, std::string_view input) {
  const int in = memfd_create("input", MFD_CLOEXEC);
  const int out = memfd_create("output", MFD_CLOEXEC);
  if (in < 0 || out < 0 || pwrite(in, input.data(), input.size(), 0) < 0) fail("memfd_create");
  const pid_t pid = start(command, in, out);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  Outcome outcome{exit_status(status),
                  std::string(static_cast<std::size_t>(lseek(out, 0, SEEK_END)), '\0')};
  if (pread(out, outcome.output.data(), outcome.output.size(), 0) < 0) fail("pread");
  close(in);
  close(out);
  return outcome;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != pid.npos) continue;
    const auto fields = stat_fields(pid);
    if (fields.size() > 1 && fields[0] != "Z" && fields[1] == std::to_string(parent))
      children.push_back(std::stoi(pid));
  }
  return children;
}

long cpu_ticks(pid_t pid) {
  const auto fields = stat_fields(std::to_string(pid));
  if (fields.size() < 13) throw std::runtime_error("no process " + std::to_string(pid));
  return std::stol(fields[11]) + std::stol(fields[12]);
}

long peak_kib(pid_t pid) {
  const std::string status = read_file("/proc/" + std::to_string(pid) + "/status");
  const std::string name = "VmHWM:";
  const std::size_t at = status.find(name);
  if (at == status.npos) throw std::runtime_error("no process " + std::to_string(pid));
  return std::stol(status.substr(at + name.size()));
}

}  // namespace actiond::http
