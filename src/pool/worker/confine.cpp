#include "pool/worker/confine.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <memory>
#include <system_error>

#include "base/log.h"

namespace actiond {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

bool is_filtered = false;

// Filtered by number alone.  Files are opened by path: seccomp cannot see which.
constexpr std::initializer_list<int> allowed = {
    // Connections that are there.
    SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(shutdown),
    SCMP_SYS(poll), SCMP_SYS(ppoll),
    // The database, its locks, uploads, pages and logs.
    SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(stat),
    SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
    SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(linkat), SCMP_SYS(ftruncate),
    SCMP_SYS(fallocate), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(fchmod), SCMP_SYS(fchown),
    SCMP_SYS(geteuid), SCMP_SYS(dup2), SCMP_SYS(dup3),
    // Memory, threads, signals, time and chance.
    SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(exit), SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait), SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(getrandom)};

// Connections that come, and those that are handed over.  None is made.
constexpr std::initializer_list<int> allowed_to_workers = {
    SCMP_SYS(accept4), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait)};

// A relay or a server of PostgreSQL, by its name; mails that become files; signals that wait.
constexpr std::initializer_list<int> allowed_to_courier = {
    SCMP_SYS(connect),    SCMP_SYS(setsockopt),   SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(sendmmsg),   SCMP_SYS(getpeername),  SCMP_SYS(ioctl),      SCMP_SYS(uname),
    SCMP_SYS(socketpair), SCMP_SYS(getdents64),   SCMP_SYS(getuid),     SCMP_SYS(rename),
    SCMP_SYS(mkdir),      SCMP_SYS(rt_sigpending)};

// Commands of fcntl(2), for locks and flags.  With F_SETOWN and F_SETSIG a descriptor would send
// any signal to any process of the same user, the supervisor first.
constexpr std::initializer_list<int> allowed_commands = {
    F_DUPFD_CLOEXEC, F_GETFD, F_SETFD,  F_GETFL,     F_SETFL,
    F_GETLK,         F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW};

// Further calls of the sanitizers' run time.
constexpr std::initializer_list<int> allowed_to_sanitizers = {
    SCMP_SYS(sigaltstack), SCMP_SYS(prctl), SCMP_SYS(prlimit64), SCMP_SYS(pipe), SCMP_SYS(pipe2)};

// No library tries these to see whether they are there: whoever asks is not our code.
constexpr std::initializer_list<int> deadly = {SCMP_SYS(execve),
                                               SCMP_SYS(execveat),
                                               SCMP_SYS(fork),
                                               SCMP_SYS(vfork),
                                               SCMP_SYS(bind),
                                               SCMP_SYS(listen),
                                               SCMP_SYS(ptrace),
                                               SCMP_SYS(process_vm_readv),
                                               SCMP_SYS(process_vm_writev),
                                               SCMP_SYS(pidfd_getfd),
                                               SCMP_SYS(mount),
                                               SCMP_SYS(umount2),
                                               SCMP_SYS(chroot),
                                               SCMP_SYS(pivot_root),
                                               SCMP_SYS(setns),
                                               SCMP_SYS(unshare),
                                               SCMP_SYS(setuid),
                                               SCMP_SYS(setgid),
                                               SCMP_SYS(bpf),
                                               SCMP_SYS(init_module),
                                               SCMP_SYS(finit_module),
                                               SCMP_SYS(kexec_load),
                                               SCMP_SYS(keyctl),
                                               SCMP_SYS(userfaultfd),
                                               SCMP_SYS(perf_event_open),
                                               SCMP_SYS(io_uring_setup)};

void check(int code, const char* what) {
  if (code < 0) throw std::system_error(-code, std::generic_category(), what);
}

class Filter {
 public:
  // A library that is newer than the list falls back to an older call when one does not exist.
  Filter() : context_(seccomp_init(SCMP_ACT_ERRNO(ENOSYS))) {
    if (!context_) throw std::system_error(ENOMEM, std::generic_category(), "seccomp_init");
    check(seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS),
          "seccomp_attr_set");
    // A binary tree instead of a list.
    check(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2), "seccomp_attr_set");
  }

  void all(std::uint32_t action, std::initializer_list<int> calls) {
    for (const int call : calls)
      check(seccomp_rule_add(context_.get(), action, call, 0), "seccomp_rule_add");
  }
  void when(scmp_arg_cmp condition, std::uint32_t action, int call) {
    check(seccomp_rule_add_array(context_.get(), action, call, 1, &condition), "seccomp_rule_add");
  }
  void allow_when(int call, scmp_arg_cmp condition) { when(condition, SCMP_ACT_ALLOW, call); }
  void allow_when(int call, scmp_arg_cmp one, scmp_arg_cmp other) {
    const scmp_arg_cmp both[] = {one, other};
    check(seccomp_rule_add_array(context_.get(), SCMP_ACT_ALLOW, call, 2, both),
          "seccomp_rule_add");
  }
  void load() const { check(seccomp_load(context_.get()), "seccomp_load"); }

 private:
  struct Release {
    void operator()(void* context) const { seccomp_release(context); }
  };
  std::unique_ptr<void, Release> context_;
};

// Only with an engine that is reached through one.
void allow_sockets(Filter& filter, Opens opens) {
  if (opens == Opens::Nothing)
    return filter.all(SCMP_ACT_KILL_PROCESS, {SCMP_SYS(socket), SCMP_SYS(connect)});
  // With the folder of uploads, whose stale files go, and the time that answers have.
  filter.all(SCMP_ACT_ALLOW, {SCMP_SYS(connect), SCMP_SYS(getsockname), SCMP_SYS(getpeername),
                              SCMP_SYS(getuid), SCMP_SYS(getdents64), SCMP_SYS(timerfd_settime)});
  filter.allow_when(SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
  filter.allow_when(SCMP_SYS(getsockopt), SCMP_A1(SCMP_CMP_EQ, SOL_SOCKET));
  if (opens == Opens::UnixSockets)
    return filter.when(SCMP_A0(SCMP_CMP_NE, AF_UNIX), SCMP_ACT_KILL_PROCESS, SCMP_SYS(socket));
  // Names of hosts are looked up, too.
  for (const int family : {AF_INET, AF_INET6})
    filter.allow_when(SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
  filter.all(SCMP_ACT_ALLOW, {SCMP_SYS(sendmmsg), SCMP_SYS(setsockopt)});
}

// Of a worker and of the courier.
Filter filter_for_all() {
  Filter filter;
  filter.all(SCMP_ACT_ALLOW, allowed);
  if (sanitized) filter.all(SCMP_ACT_ALLOW, allowed_to_sanitizers);
  filter.all(SCMP_ACT_KILL_PROCESS, deadly);
  // No memory is code that was not code from the start.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    filter.allow_when(call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  // Threads, and no processes.  clone3 hides its flags in memory; glibc takes clone when there is
  // none.
  filter.allow_when(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  for (const int command : allowed_commands)
    filter.allow_when(SCMP_SYS(fcntl),
                      SCMP_A1(SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, static_cast<scmp_datum_t>(command)));
  for (const int call : {SCMP_SYS(kill), SCMP_SYS(tgkill)})
    filter.allow_when(call, SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  return filter;
}

void load_worker_filter(Opens opens) {
  Filter filter = filter_for_all();
  filter.all(SCMP_ACT_ALLOW, allowed_to_workers);
  // Looking at a request before it is read.
  for (const int call : {SCMP_SYS(setsockopt), SCMP_SYS(getsockopt)})
    filter.allow_when(call, SCMP_A1(SCMP_CMP_EQ, SOL_SOCKET), SCMP_A2(SCMP_CMP_EQ, SO_PEEK_OFF));
  allow_sockets(filter, opens);
  filter.load();
}

void load_courier_filter() {
  Filter filter = filter_for_all();
  filter.all(SCMP_ACT_ALLOW, allowed_to_courier);
  filter.all(SCMP_ACT_KILL_PROCESS, {SCMP_SYS(accept), SCMP_SYS(accept4)});
  for (const int family : {AF_UNIX, AF_INET, AF_INET6})
    filter.allow_when(SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
  filter.load();
}

void load_or_warn(const std::function<void()>& load) {
  try {
    load();
    is_filtered = true;
  } catch (const std::system_error& error) {
    log_event("warning", "no filter of system calls", {{"reason", error.what()}});
  }
}

}  // namespace

#ifdef __SANITIZE_ADDRESS__
// LeakSanitizer asks at the end of the process, which it would trace.
extern "C" int __lsan_is_turned_off() { return is_filtered ? 1 : 0; }
#endif

void give_up_dumps_and_privileges() {
  constexpr rlimit none{.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &none);
  // A core that is piped to a program does not ask for the limit.
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void give_up_system_calls(Opens opens) {
  load_or_warn([opens] { load_worker_filter(opens); });
}

void give_up_system_calls_of_courier() { load_or_warn(load_courier_filter); }

}  // namespace actiond
