#include "base/file_text.h"

#include <fstream>
#include <iterator>

namespace actiond {

std::optional<std::string> file_text(const std::filesystem::path& file) try {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) return std::nullopt;
  return text;
} catch (const std::ios_base::failure&) {
  return std::nullopt;  // of a folder, for one
}

}  // namespace actiond
