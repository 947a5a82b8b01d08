#include "base/inherited_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace actiond {

void open_standard_descriptors() {
  // open(2) takes the lowest number that is free.  A write to standard output still fails: a
  // command whose output nobody gets is not done.
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number)
    if (fcntl(number, F_GETFD) < 0)
      (void)open("/dev/null", number == STDERR_FILENO ? O_RDWR : O_RDONLY);
}

// execve(2) keeps no handler, so what is not ignored has its default or is the sanitizers'.
void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN)
      std::signal(signal, SIG_DFL);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace actiond
