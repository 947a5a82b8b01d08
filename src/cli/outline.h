// The files that a site is made of, with words to replace.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace actiond {

// Where actiond's scripts, pages and outlines are: ACTIOND_KIT, else where actiond-dev has them.
// Throws when they are not there.
std::filesystem::path kit();

// Each first word becomes the second: {"@NAME@", "club"}.
using Replacements = std::vector<std::pair<std::string, std::string>>;

// The file `from` with its permissions, or a folder with all its files, at `to`.
void put(const std::filesystem::path& from, const std::filesystem::path& to,
         const Replacements& replacements);

}  // namespace actiond
