// Facts about processes from proc(5).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace actiond {

// All of a file, empty when it cannot be read: a process may end while it is looked at.
std::string read_whole(const std::filesystem::path& file);

std::vector<pid_t> children_of(pid_t parent);

}  // namespace actiond
