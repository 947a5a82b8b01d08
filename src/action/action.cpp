#include "action/action.h"

#include <fmt/format.h>

#include <filesystem>

namespace actiond {

std::string DeclaredName::place() const {
  const std::filesystem::path path = file;
  return fmt::format("{}:{}", (path.parent_path().filename() / path.filename()).string(), line);
}

}  // namespace actiond
