#include "doctor/processes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "base/file_text.h"

namespace actiond {

std::string read_whole(const std::filesystem::path& file) { return file_text(file).value_or(""); }

std::vector<pid_t> children_of(pid_t parent) {
  std::istringstream words(read_whole(fmt::format("/proc/{0}/task/{0}/children", parent)));
  std::vector<pid_t> children;
  for (pid_t child; words >> child;) children.push_back(child);
  return children;
}

std::vector<std::pair<pid_t, std::string>> processes_titled(std::string_view start) {
  std::vector<std::pair<pid_t, std::string>> titled;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    std::string title = read_whole(entry.path() / "cmdline");
    if (!title.starts_with(start)) continue;
    std::ranges::replace(title, '\0', ' ');
    titled.emplace_back(static_cast<pid_t>(std::stol(name)), std::move(title));
  }
  return titled;
}

std::uintmax_t number_at(const std::string& text, std::size_t at) {
  at = std::min(text.find_first_not_of(' ', at), text.size());
  std::uintmax_t number = std::numeric_limits<std::uintmax_t>::max();
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

std::uintmax_t open_files_of(pid_t pid) {
  const std::string limits = read_whole(fmt::format("/proc/{}/limits", pid));
  const std::string name = "Max open files";
  const std::size_t at = limits.find(name);
  return number_at(limits, at == limits.npos ? limits.size() : at + name.size());
}

}  // namespace actiond
