#include "base/inherited_state.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>

using namespace actiond;

namespace {

bool holds_in_child(const std::function<bool()>& check) {
  const pid_t child = fork();
  if (child == 0) _exit(check() ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0;
}

bool is_null_device(int descriptor) {
  struct stat null {};
  struct stat opened {};
  return stat("/dev/null", &null) == 0 && fstat(descriptor, &opened) == 0 &&
         null.st_rdev == opened.st_rdev;
}

}  // namespace

TEST_CASE("O11 no file is opened under the number of a standard descriptor that was closed") {
  for (const int closed : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    CHECK(holds_in_child([closed] {
      close(closed);
      open_standard_descriptors();
      return is_null_device(closed) && open("/", O_RDONLY | O_DIRECTORY) > STDERR_FILENO;
    }));
  CHECK(holds_in_child([] {
    for (const int each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) close(each);
    open_standard_descriptors();
    return is_null_device(STDIN_FILENO) && is_null_device(STDOUT_FILENO) &&
           is_null_device(STDERR_FILENO);
  }));
}

TEST_CASE("what is written to a standard output that was closed is lost, and the write says so") {
  CHECK(holds_in_child([] {
    close(STDOUT_FILENO);
    open_standard_descriptors();
    return write(STDOUT_FILENO, "x", 1) == -1 && errno == EBADF;
  }));
}

TEST_CASE("a file that may grow no more is an error of the write, and ends no process") {
  CHECK(holds_in_child([] {
    reset_signals();
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_FSIZE, &none);
    std::FILE* const file = std::tmpfile();
    return file && write(fileno(file), "x", 1) == -1 && errno == EFBIG;
  }));
}

TEST_CASE("O12 a signal that was ignored has its default again, and one with a handler keeps it") {
  CHECK(holds_in_child([] {
    std::signal(SIGCHLD, SIG_IGN);
    const auto handler = [](int) {};
    std::signal(SIGUSR1, handler);
    reset_signals();
    return std::signal(SIGCHLD, SIG_DFL) == SIG_DFL && std::signal(SIGUSR1, SIG_DFL) == handler &&
           std::signal(SIGPIPE, SIG_DFL) == SIG_IGN;
  }));
}
