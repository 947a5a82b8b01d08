#include "doctor/processes.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace actiond {

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<pid_t> children_of(pid_t parent) {
  std::istringstream words(read_whole(fmt::format("/proc/{0}/task/{0}/children", parent)));
  std::vector<pid_t> children;
  for (pid_t child; words >> child;) children.push_back(child);
  return children;
}

}  // namespace actiond
