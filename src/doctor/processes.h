// Facts about processes from proc(5).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond {

// All of a file, empty when it cannot be read: a process may end while it is looked at.
std::string read_whole(const std::filesystem::path& file);

std::vector<pid_t> children_of(pid_t parent);

// The processes whose command line starts with `start`, each with it; '\0' became a space.
std::vector<std::pair<pid_t, std::string>> processes_titled(std::string_view start);

// The number behind the spaces at `at`; of something else, as "max" and "unlimited", the greatest.
std::uintmax_t number_at(const std::string& text, std::size_t at);

// The soft limit of a process's open files; the greatest number when it cannot be told.
std::uintmax_t open_files_of(pid_t pid);

}  // namespace actiond
