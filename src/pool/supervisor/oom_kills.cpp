#include "pool/supervisor/oom_kills.h"

#include <fstream>
#include <string>
#include <utility>

namespace actiond {
namespace {

// cgroups(7): in the second version there is one line, "0::/path".
std::filesystem::path counting_file() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    std::filesystem::path events = "/sys/fs/cgroup" + line.substr(3) + "/memory.events";
    if (std::filesystem::exists(events)) return events;
  }
  return "/proc/vmstat";
}

}  // namespace

OomKills::OomKills() : OomKills(counting_file()) {}

OomKills::OomKills(std::filesystem::path file) : file_(std::move(file)), seen_(read()) {}

bool OomKills::have_grown() {
  const std::uint64_t before = std::exchange(seen_, read());
  return seen_ > before;
}

std::uint64_t OomKills::read() const {
  std::ifstream file(file_);
  std::string name;
  for (std::uint64_t count = 0; file >> name >> count;)
    if (name == "oom_kill") return count;
  return 0;
}

}  // namespace actiond
