#include "files/published_pages.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/file_text.h"
#include "base/log.h"
#include "files/durable.h"
#include "files/pages.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

// Says whose the folder is; nginx serves nothing that begins with a dot.
constexpr const char* mark = ".actiond";
constexpr unsigned readable = 0644;

// nginx may be another user, whatever the umask.
void make_folder(const fs::path& folder) {
  if (fs::is_directory(folder)) return;
  make_folder(folder.parent_path());
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms(0755));
}

void take_folder(const fs::path& folder) {
  make_folder(folder);
  if (const auto reason = unpublishable(folder)) throw std::runtime_error(*reason);
  if (fs::exists(folder / mark)) return;
  replace_file(folder / mark, "actiond puts pages together here, and removes all else.\n",
               readable);
}

void remove_all_but(const std::set<fs::path>& kept, const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    found.push_back(entry.path());
  // A folder comes before its files.
  for (auto path = found.rbegin(); path != found.rend(); ++path) {
    const bool is_folder = fs::is_directory(fs::symlink_status(*path));
    if (is_folder ? fs::is_empty(*path) : !kept.contains(*path)) fs::remove(*path);
  }
}

void tell_of_faults(const SitePages& site) {
  for (const auto& [name, fault] : site.faults)
    log_event("warning", "a page cannot be published: the last one stays",
              {{"page", name},
               {"line", std::to_string(fault.line)},
               {"reason", fault.what()},
               {"mend", fault.mend}});
}

}  // namespace

std::optional<std::string> unpublishable(const fs::path& folder) {
  if (!fs::is_directory(folder) || fs::exists(folder / mark) || fs::is_empty(folder))
    return std::nullopt;
  return fmt::format("{} holds what actiond did not put there", folder.string());
}

void PublishedPages::bring_up_to_date() {
  try {
    // It may be on its way from one release to the next.
    if (!fs::is_directory(root_)) return;
    std::map<fs::path, Stamp> seen;
    for (const std::string& file : page_files(root_).names)
      seen.emplace(file, stamp_of(root_ / file));
    if (seen == seen_) return;
    publish();
    seen_ = std::move(seen);
    failure_.clear();
  } catch (const std::exception& error) {
    if (failure_ != error.what())
      log_event("error", "pages cannot be published: the last ones stay",
                {{"reason", error.what()}});
    failure_ = error.what();
  }
}

void PublishedPages::publish() const {
  const SitePages site = read_pages(root_);
  tell_of_faults(site);
  std::set<fs::path> kept{folder_ / mark};
  for (const auto& [name, page] : site.pages)
    if (page.has_frames) kept.insert(folder_ / name);
  for (const auto& [name, fault] : site.faults) kept.insert(folder_ / name);
  if (kept.size() == 1 && !fs::exists(folder_)) return;
  take_folder(folder_);
  remove_all_but(kept, folder_);
  for (const auto& [name, page] : site.pages) {
    const fs::path path = folder_ / name;
    if (!page.has_frames || file_text(path) == page.html) continue;
    make_folder(path.parent_path());
    replace_file(path, page.html, readable);
  }
}

}  // namespace actiond
