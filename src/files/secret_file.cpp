#include "files/secret_file.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "base/encoding.h"

namespace actiond {

std::vector<std::string> read_secrets(const std::filesystem::path& file) {
  using std::filesystem::perms;
  std::ifstream in(file);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  const auto others = perms::group_all | perms::others_all;
  if ((std::filesystem::status(file).permissions() & others) != perms::none)
    throw std::runtime_error(fmt::format("{} is for others too: chmod 600 it", file.string()));
  std::vector<std::string> secrets;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!trimmed(line).empty()) secrets.push_back(line);
  }
  if (secrets.empty()) throw std::runtime_error(fmt::format("{} holds no secret", file.string()));
  return secrets;
}

}  // namespace actiond
