#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace actiond {

// All that is in the file; nothing where it cannot be read.
std::optional<std::string> file_text(const std::filesystem::path& file);

}  // namespace actiond
