#include "reliability/strace.h"

#include <map>
#include <sstream>
#include <stdexcept>

namespace actiond::reliability {
namespace {

std::filesystem::path trace_of(const http::RunningSite& site) { return site.folder() / "trace"; }

}  // namespace

bool may_trace() { return http::run({"strace", "-f", "-o", "/dev/null", "true"}).exit_code == 0; }

std::vector<std::string> failing(const http::RunningSite& site, const Failure& failure) {
  std::vector<std::string> command{"strace", "-f", "-DD", "-y", "-q", "-o", trace_of(site), "-e",
                                   "trace=pwrite64,ftruncate,fsync,fdatasync", "-e",
                                   "inject=" + failure.call + ":error=EIO:when=" + failure.when,
                                   // LeakSanitizer wants to trace as well, and there can be one.
                                   "-E", "ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0",
                                   "-E", "LD_PRELOAD=" VISIBLE_LIBRARY};
  for (const std::string& file : failure.files)
    command.insert(command.end(), {"-P", site.folder() / file});
  return command;
}

// 4711 fdatasync(7</var/site.db-wal>) = -1 EIO (Input/output error) (INJECTED)
// 4711 pwrite64(7</var/site.db>, "..."..., 4096, 0 <unfinished ...>
// 4711 <... pwrite64 resumed>) = 4096
// 4711 +++ exited with 1 +++
std::vector<Call> traced(const http::RunningSite& site) {
  std::istringstream lines(test::read_file(trace_of(site)));
  std::vector<Call> calls;
  std::map<pid_t, Call> unfinished;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Call call{};
    words >> call.thread >> call.name;
    const bool resumes = call.name == "<...";
    if (call.name == "+++") call.name = "exit";
    if (const std::size_t paren = line.find('('); paren != line.npos && !resumes) {
      call.name = call.name.substr(0, call.name.find('('));
      const std::size_t path = line.find('<', paren) + 1;
      call.file = line.substr(path, line.find('>', path) - path);
    }
    if (line.ends_with("<unfinished ...>")) {
      unfinished[call.thread] = call;
      continue;
    }
    if (resumes) call = unfinished.at(call.thread);
    call.failed = line.find("= -1 ") != line.npos;
    calls.push_back(call);
  }
  return calls;
}

}  // namespace actiond::reliability
