#include "pool/worker/confine.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <thread>

using namespace actiond;

namespace {

// The wait status of a child that did `what`: its result is the exit status.
int in_child(const std::function<int()>& what) {
  const pid_t child = fork();
  if (child == 0) _exit(what());
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// The errno of `call` behind `confine`; 0: it was done.
int errno_behind(const std::function<void()>& confine, const std::function<long()>& call) {
  const int status = in_child([&] {
    give_up_dumps_and_privileges();
    confine();
    return call() < 0 ? errno : 0;
  });
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
int errno_inside(const std::function<long()>& call, Opens opens = Opens::Nothing) {
  return errno_behind([opens] { give_up_system_calls(opens); }, call);
}
int errno_in_courier(const std::function<long()>& call) {
  return errno_behind(give_up_system_calls_of_courier, call);
}

constexpr int killed = -SIGSYS;

long map(int protection) {
  void* const at = mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? -1 : 0;
}

}  // namespace

TEST_CASE("a worker that asks for a program, a socket or another process is killed") {
  struct Row {
    const char* what;
    std::function<long()> call;
  };
  const Row rows[] = {
      {"execve", [] { return execl("/bin/true", "true", nullptr); }},
      {"execveat",
       [] { return syscall(SYS_execveat, AT_FDCWD, "/bin/true", nullptr, nullptr, 0); }},
      {"a network socket", [] { return socket(AF_INET, SOCK_STREAM, 0); }},
      {"a Unix socket", [] { return socket(AF_UNIX, SOCK_STREAM, 0); }},
      {"ptrace", [] { return ptrace(PTRACE_ATTACH, getpid() - 1, nullptr, nullptr); }},
      {"process_vm_readv", [] { return process_vm_readv(1, nullptr, 0, nullptr, 0, 0); }},
      {"unshare", [] { return unshare(CLONE_NEWUSER); }},
      {"setuid", [] { return setuid(1); }},
      {"io_uring_setup", [] { return syscall(SYS_io_uring_setup, 1, nullptr); }},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(errno_inside(row.call) == killed);
  }
}

TEST_CASE("a worker whose engine is a server makes sockets of the kind that leads to it") {
  const auto unix_socket = [] { return socket(AF_UNIX, SOCK_STREAM, 0); };
  const auto network_socket = [] { return socket(AF_INET, SOCK_STREAM, 0); };
  CHECK(errno_inside(unix_socket, Opens::UnixSockets) == 0);
  CHECK(errno_inside(network_socket, Opens::UnixSockets) == killed);
  CHECK(errno_inside(unix_socket, Opens::Connections) == 0);
  CHECK(errno_inside(network_socket, Opens::Connections) == 0);
  CHECK(errno_inside([] { return socket(AF_PACKET, SOCK_RAW, 0); }, Opens::Connections) == ENOSYS);
  CHECK(errno_inside([] { return listen(0, 1); }, Opens::Connections) == killed);
}

TEST_CASE(
    "a courier connects, and is killed when it asks for a program, a port or another process") {
  const auto connect_to_nobody = [] {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(1);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    return connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  };
  CHECK(errno_in_courier(connect_to_nobody) == ECONNREFUSED);
  struct Row {
    const char* what;
    std::function<long()> call;
    int outcome;
  };
  const Row rows[] = {
      {"a Unix socket", [] { return socket(AF_UNIX, SOCK_STREAM, 0); }, 0},
      {"a host by its name",
       [] {
         addrinfo* found = nullptr;
         return static_cast<long>(getaddrinfo("localhost", "25", nullptr, &found));
       },
       0},
      {"a thread",
       [] {
         std::thread([] {}).join();
         return 0L;
       },
       0},
      {"a folder", [] { return mkdir("/nowhere/at/all", 0700); }, ENOENT},
      {"execve", [] { return execl("/bin/true", "true", nullptr); }, killed},
      {"fork", [] { return syscall(SYS_fork); }, killed},
      {"bind", [] { return bind(0, nullptr, 0); }, killed},
      {"listen", [] { return listen(0, 1); }, killed},
      {"accept", [] { return accept4(0, nullptr, nullptr, 0); }, killed},
      {"ptrace", [] { return ptrace(PTRACE_ATTACH, getpid() - 1, nullptr, nullptr); }, killed},
      {"process_vm_readv", [] { return process_vm_readv(1, nullptr, 0, nullptr, 0, 0); }, killed},
      {"setuid", [] { return setuid(1); }, killed},
      {"a raw socket", [] { return socket(AF_PACKET, SOCK_RAW, 0); }, ENOSYS},
      {"a process", [] { return syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr); },
       ENOSYS},
      {"another's signal", [] { return kill(getpid() - 1, 0); }, ENOSYS},
      {"code of its own", [] { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }, ENOSYS},
      {"a link", [] { return symlink("/nowhere", "/nowhere/at/all"); }, ENOSYS},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(errno_in_courier(row.call) == row.outcome);
  }
}

TEST_CASE("what else a worker does not need does not exist for it") {
  CHECK(errno_inside([] { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }) == ENOSYS);
  CHECK(errno_inside([] {
          alignas(4096) static char page[4096];
          return mprotect(page, sizeof page, PROT_READ | PROT_EXEC);
        }) == ENOSYS);
  CHECK(errno_inside([] {
          return syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
        }) == ENOSYS);
  CHECK(errno_inside([] { return syscall(SYS_clone3, nullptr, 0); }) == ENOSYS);
  CHECK(errno_inside([] { return kill(getpid() - 1, 0); }) == ENOSYS);
  CHECK(errno_inside([] { return rename("/nowhere", "/nowhere"); }) == ENOSYS);
  CHECK(errno_inside([] { return mkdir("/nowhere/at/all", 0700); }) == ENOSYS);
  CHECK(errno_inside([] { return symlink("/nowhere", "/nowhere/at/all"); }) == ENOSYS);
}

TEST_CASE("S40 no descriptor of a worker sends signals to its supervisor") {
  const f_owner_ex supervisor{.type = F_OWNER_PID, .pid = getpid()};
  CHECK(errno_inside([&] { return fcntl(STDIN_FILENO, F_SETOWN, supervisor.pid); }) == ENOSYS);
  CHECK(errno_inside([&] { return fcntl(STDIN_FILENO, F_SETOWN_EX, &supervisor); }) == ENOSYS);
  CHECK(errno_inside([] { return fcntl(STDIN_FILENO, F_SETSIG, SIGKILL); }) == ENOSYS);
}

TEST_CASE("what answering takes stays allowed, to threads that start later as well") {
  CHECK(errno_inside([] { return map(PROT_READ | PROT_WRITE); }) == 0);
  CHECK(errno_inside([] { return open("/dev/null", O_RDONLY | O_CLOEXEC); }) == 0);
  CHECK(errno_inside([] { return kill(getpid(), 0); }) == 0);
  CHECK(errno_inside([] { return fcntl(STDIN_FILENO, F_GETFD); }) == 0);
  CHECK(errno_inside([] {
          long done = -1;
          std::thread([&] { done = map(PROT_READ | PROT_WRITE); }).join();
          return done;
        }) == 0);
  CHECK(errno_inside([] {
          std::thread([] { (void)socket(AF_INET, SOCK_STREAM, 0); }).join();
          return 0L;
        }) == killed);
}

TEST_CASE("a process of ours leaves no core and takes no privileges from a program that it runs") {
  CHECK(in_child([] {
          give_up_dumps_and_privileges();
          rlimit core{};
          getrlimit(RLIMIT_CORE, &core);
          const bool none = core.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 &&
                            prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
          return none ? 0 : 1;
        }) == 0);
}

TEST_CASE("another process of the same user cannot look into one of ours") {
  // Opened by root, since another user may be unable to pass through the folders above it.
  const int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(proc >= 0);
  // Root may: as another user then.
  const auto as_somebody = [](const std::function<int()>& what) {
    return in_child([&] {
      if (geteuid() == 0 && setuid(65534) != 0) return 2;
      return what();
    });
  };
  const auto can_look = [&](bool ours) {
    prctl(PR_SET_DUMPABLE, 1);  // which setuid took away
    if (ours) give_up_dumps_and_privileges();
    const std::string environment = std::to_string(getpid()) + "/environ";
    return in_child([&] {
      prctl(PR_SET_DUMPABLE, 1);
      return openat(proc, environment.c_str(), O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
    });
  };
  CHECK(as_somebody([&] { return WEXITSTATUS(can_look(false)); }) == 0);
  CHECK(WEXITSTATUS(as_somebody([&] { return WEXITSTATUS(can_look(true)); })) == EACCES);
  close(proc);
}
