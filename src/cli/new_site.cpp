#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/dashed_name.h"
#include "base/encoding.h"
#include "cli/commands.h"
#include "cli/outline.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

// The demo's parts that a site begins with, its own files from then on: the pages of the account,
// what all pages share, settings and words.
constexpr std::string_view parts[] = {"static/sign-in.html",
                                      "static/sign-up.html",
                                      "static/change-password.html",
                                      "static/forgot-password.html",
                                      "static/reset-password.html",
                                      "static/sign-in-by-mail.html",
                                      "static/mailed-sign-in.html",
                                      "static/verify-email.html",
                                      "static/change-email.html",
                                      "static/delete-account.html",
                                      "static/tokens.html",
                                      "static/sessions.html",
                                      "static/inbox.html",
                                      "static/inbox-message.html",
                                      "static/plans.html",
                                      "static/billing.html",
                                      "static/to-stripe.html",
                                      "static/404.html",
                                      "static/errors",
                                      "static/style.css",
                                      "static/actions.js",
                                      "static/favicon.svg",
                                      "static/frame/head.html",
                                      "conf/actiond.toml",
                                      "conf/messages",
                                      "conf/mail"};

// Targets of every CMake project, and files that stand beside the program.
constexpr std::string_view built[] = {"actiond",    "all",  "cmake",   "clean",
                                      "edit_cache", "help", "install", "package",
                                      "site",       "src",  "test",    "tests"};

// The user that its package makes would be one of Debian's own (base-passwd, nginx).
constexpr std::string_view users[] = {"backup", "bin",  "daemon", "games", "irc",   "list",
                                      "lp",     "mail", "man",    "news",  "nginx", "nobody",
                                      "proxy",  "root", "sync",   "sys",   "uucp",  "www-data"};

// Of the user NAME-courier, sysusers.d(5).
constexpr std::size_t longest_name = 31 - std::string_view("-courier").size();

void require_name(const std::string& name) {
  if (!is_dashed_name(name) || !is_letter(name.front()) || name.size() < 2 ||
      name.size() > longest_name)
    throw WrongUsage("--name", fmt::format("takes a name of 2 to 23 letters a to z, digits and "
                                           "'-' that begins with a letter, not \"{}\"",
                                           name));
  if (std::ranges::find(built, name) != std::end(built))
    throw WrongUsage("--name",
                     fmt::format("cannot be \"{}\": a site's build has that already", name));
  if (std::ranges::find(users, name) != std::end(users))
    throw WrongUsage("--name",
                     fmt::format("cannot be \"{}\": Debian has a user of that name", name));
}

// But for what `git init` and an empty repository that was cloned put there.
bool is_empty_folder(const fs::path& folder) {
  if (!fs::is_directory(folder)) return false;
  const auto entries = fs::directory_iterator(folder);
  return std::ranges::distance(entries) == (fs::exists(folder / ".git") ? 1 : 0);
}

}  // namespace

void command::new_site(const fs::path& folder, const std::string& wanted_name) {
  const fs::path target = fs::absolute(folder / "").lexically_normal().parent_path();
  const std::string name = wanted_name.empty() ? target.filename().string() : wanted_name;
  require_name(name);
  const bool is_there = fs::exists(target);
  if (is_there && !is_empty_folder(target))
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
    // A folder that is there stays the one that a shell may be in.
    if (is_there)
      for (const auto& entry : fs::directory_iterator(draft))
        fs::rename(entry.path(), target / entry.path().filename());
    else
      fs::rename(draft, target);
    fs::remove(draft);
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
