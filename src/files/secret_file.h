// Files that hold secrets of others: a mail server's password, what a payment service signs with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace actiond {

// The lines that are not empty.  Throws std::runtime_error, which names the file, when there is
// none, and when anybody but its owner may read it.
std::vector<std::string> read_secrets(const std::filesystem::path& file);

}  // namespace actiond
