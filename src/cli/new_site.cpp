#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/dashed_name.h"
#include "base/encoding.h"
#include "cli/commands.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

// The demo's parts that a site begins with, its own files from then on: the pages of the account,
// what all pages share, settings and words.
constexpr std::string_view parts[] = {
    "static/sign-in.html",    "static/sign-up.html", "static/change-password.html",
    "static/sessions.html",   "static/404.html",     "static/errors",
    "static/style.css",       "static/actions.js",   "static/favicon.svg",
    "static/frame/head.html", "conf/actiond.toml",   "conf/messages"};

// Targets of every CMake project, or files that stand beside the program.
constexpr std::string_view taken[] = {"actiond",    "all",  "cmake",   "clean",
                                      "edit_cache", "help", "install", "package",
                                      "site",       "src",  "test",    "tests"};

void require_name(const std::string& name) {
  if (!is_dashed_name(name) || !is_letter(name.front()) || name.size() > 32)
    throw WrongUsage("--name", fmt::format("takes a name of up to 32 letters a to z, digits and "
                                           "'-' that begins with a letter, not \"{}\"",
                                           name));
  if (std::ranges::find(taken, name) != std::end(taken))
    throw WrongUsage("--name",
                     fmt::format("cannot be \"{}\": a site's build has that already", name));
}

// Where actiond's scripts, pages and the outline of a site are.
fs::path kit() {
  const char* named = std::getenv("ACTIOND_KIT");
  fs::path folder = named != nullptr ? named : "/usr/share/actiond/kit";
  if (!fs::exists(folder / "conf" / "new"))
    throw std::runtime_error(fmt::format(
        "{} has no conf/new: use the scripts/actiond of a checkout of actiond", folder.string()));
  return folder;
}

using Replacements = std::vector<std::pair<std::string, std::string>>;

void put_file(const fs::path& from, const fs::path& to, const Replacements& replacements) {
  std::ifstream in(from, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  for (const auto& [word, meaning] : replacements)
    for (std::size_t at = 0; (at = text.find(word, at)) != text.npos; at += meaning.size())
      text.replace(at, word.size(), meaning);
  fs::create_directories(to.parent_path());
  std::ofstream out(to, std::ios::binary);
  out << text;
  out.close();
  if (!in || !out) throw std::runtime_error(fmt::format("{} could not be copied", from.string()));
  fs::permissions(to, fs::status(from).permissions());
}

void put(const fs::path& from, const fs::path& to, const Replacements& replacements) {
  if (!fs::is_directory(from)) return put_file(from, to, replacements);
  for (const auto& entry : fs::directory_iterator(from))
    put(entry.path(), to / entry.path().filename(), replacements);
}

}  // namespace

void command::new_site(const fs::path& folder, const std::string& wanted_name) {
  const fs::path target = fs::absolute(folder / "").parent_path().lexically_normal();
  const std::string name = wanted_name.empty() ? target.filename().string() : wanted_name;
  require_name(name);
  if (fs::exists(target) && !(fs::is_directory(target) && fs::is_empty(target)))
    throw std::runtime_error(fmt::format("{} is there already, and not empty", target.string()));
  const fs::path from = kit();
  const Replacements replacements{{"@NAME@", name},
                                  {"@KIT@", from.string()},
                                  {"@VERSION@", ACTIOND_VERSION},
                                  {" – actiond</title>", fmt::format(" – {}</title>", name)}};
  umask(022);  // a site is source, which others may read
  // Beside the target, so that a site that has its name is whole.
  const fs::path draft = target.string() + fmt::format(".making-{}", getpid());
  try {
    put(from / "conf" / "new", draft, replacements);
    for (const std::string_view part : parts) put(from / part, draft / part, replacements);
    fs::rename(draft, target);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(draft, ignored);
    throw;
  }
  fmt::print(
      "{}: the site {}.  Serve it with\n    cd {} && ./scripts/serve\nand test it with "
      "./scripts/test.\n",
      target.string(), name, folder.string());
}

}  // namespace actiond
