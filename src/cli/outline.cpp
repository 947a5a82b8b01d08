#include "cli/outline.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/file_text.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

void put_file(const fs::path& from, const fs::path& to, const Replacements& replacements) {
  auto text = file_text(from);
  if (!text) throw std::runtime_error(fmt::format("{} could not be copied", from.string()));
  for (const auto& [word, meaning] : replacements)
    for (std::size_t at = 0; (at = text->find(word, at)) != text->npos; at += meaning.size())
      text->replace(at, word.size(), meaning);
  fs::create_directories(to.parent_path());
  std::ofstream out(to, std::ios::binary);
  out << *text;
  out.close();
  if (!out) throw std::runtime_error(fmt::format("{} could not be copied", from.string()));
  fs::permissions(to, fs::status(from).permissions());
}

}  // namespace

fs::path kit() {
  const char* named = std::getenv("ACTIOND_KIT");
  fs::path folder = named != nullptr ? named : "/usr/share/actiond/kit";
  if (!fs::exists(folder / "conf" / "new"))
    throw std::runtime_error(fmt::format(
        "{} has no conf/new: install actiond-dev, or use the scripts/actiond of a checkout of "
        "actiond",
        folder.string()));
  return folder;
}

void put(const fs::path& from, const fs::path& to, const Replacements& replacements) {
  if (!fs::is_directory(from)) return put_file(from, to, replacements);
  for (const auto& entry : fs::directory_iterator(from))
    put(entry.path(), to / entry.path().filename(), replacements);
}

}  // namespace actiond
