#include "pool/supervisor/inheritance.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <string>

namespace actiond {
namespace {

constexpr const char* variable = "ACTIOND_INHERITANCE";

void close_on_exec(const Inheritance& inheritance, bool close) {
  for (const int descriptor :
       {inheritance.listening, inheritance.lock, inheritance.handover[0], inheritance.handover[1],
        inheritance.counters, inheritance.status_listening})
    fcntl(descriptor, F_SETFD, close ? FD_CLOEXEC : 0);
}

}  // namespace

void bequeath(const Inheritance& left) {
  close_on_exec(left, false);
  std::string text = fmt::format("{} {} {} {} {} {} {} {}", getpid(), left.listening,
                                 left.is_systemds ? 1 : 0, left.lock, left.handover[0],
                                 left.handover[1], left.counters, left.status_listening);
  for (const auto& [pid, cell] : left.workers)
    text += cell ? fmt::format(" {}:{}", pid, *cell) : fmt::format(" {}", pid);
  setenv(variable, text.c_str(), 1);
}

void disinherit(const Inheritance& left) {
  close_on_exec(left, true);
  unsetenv(variable);
}

std::optional<Inheritance> take_inheritance() {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  std::istringstream words{std::string(text)};
  unsetenv(variable);
  pid_t from = 0;
  Inheritance left{};
  words >> from >> left.listening >> left.is_systemds >> left.lock >> left.handover[0] >>
      left.handover[1] >> left.counters >> left.status_listening;
  // It may have come to somebody whom nothing was left.
  if (!words || (from != getpid() && from != getppid())) return std::nullopt;
  for (InheritedWorker worker{}; words >> worker.pid;) {
    worker.cell.reset();
    if (words.peek() == ':') words.ignore() >> worker.cell.emplace();
    left.workers.push_back(worker);
  }
  close_on_exec(left, true);
  return left;
}

}  // namespace actiond
