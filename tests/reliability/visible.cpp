// Loaded into the program under test: its processes stay visible to their own user, so that a
// strace that is not root's can tell which file a call is about.
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

extern "C" int prctl(int option, ...) noexcept {
  std::va_list rest;
  va_start(rest, option);
  const unsigned long a = va_arg(rest, unsigned long), b = va_arg(rest, unsigned long),
                      c = va_arg(rest, unsigned long), d = va_arg(rest, unsigned long);
  va_end(rest);
  if (option == PR_SET_DUMPABLE) return 0;
  return static_cast<int>(syscall(SYS_prctl, option, a, b, c, d));
}
