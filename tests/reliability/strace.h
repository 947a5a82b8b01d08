// A pool under strace(1), which makes chosen calls fail.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "served/site.h"

namespace actiond::reliability {

// Whether strace may trace here.
bool may_trace();

struct Failure {
  std::string call;
  std::vector<std::string> files;  // of the site's folder
  // Which of the calls of each thread: "3" the third, "3+" all from there on.
  std::string when;
};

// The command under which the pool of `site` runs so that calls fail with EIO.
std::vector<std::string> failing(const http::RunningSite& site, const Failure& failure);

struct Call {
  pid_t thread;
  std::string name;  // or "exit", of a thread
  std::filesystem::path file;
  bool failed;
};

// The calls to the files of the failure, once the pool has stopped: calls in the order in which
// they came back.
std::vector<Call> traced(const http::RunningSite& site);

}  // namespace actiond::reliability
