#include "files/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "base/encoding.h"
#include "base/file_text.h"
#include "base/log.h"
#include "http/url.h"

namespace actiond {

namespace {

// To look at a page and its frames takes half as long as to fill it.
constexpr std::chrono::milliseconds between_looks(100);

std::string read_page(const std::filesystem::path& path) {
  auto html = file_text(path);
  if (!html) throw std::runtime_error("cannot read the page " + path.string());
  return *std::move(html);
}

// No more of a frame than tells that it is too large.
std::optional<std::string> read_frame(const std::filesystem::path& path) {
  if (!stamp_of(path).is_file) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text(max_frame_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof()) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

bool is_stray(const std::filesystem::path& path) {
  const std::string end = to_lower(path.extension().string());
  return end == ".html" || end == ".htm" || end == ".shtml";
}

std::string address_of(std::string_view name) { return fmt::format("/{}", name); }

}  // namespace

PageFiles page_files(const std::filesystem::path& root) {
  PageFiles found;
  std::error_code unreadable;
  const auto options = std::filesystem::directory_options::skip_permission_denied |
                       std::filesystem::directory_options::follow_directory_symlink;
  std::filesystem::recursive_directory_iterator entry(root, options, unreadable);
  std::vector<std::filesystem::path> above{std::filesystem::weakly_canonical(root, unreadable)};
  for (; entry != std::filesystem::recursive_directory_iterator(); entry.increment(unreadable)) {
    const std::filesystem::path& path = entry->path();
    const auto name = [&] { return path.lexically_relative(root).string(); };
    if (path.filename().string().starts_with('.')) {
      entry.disable_recursion_pending();
    } else if (entry->is_directory(unreadable)) {
      above.resize(static_cast<std::size_t>(entry.depth()) + 1);
      above.push_back(std::filesystem::canonical(path, unreadable));
      if (std::ranges::count(above, above.back()) == 1) continue;
      entry.disable_recursion_pending();
      found.circles.push_back(name());
    } else if (path.extension() == ".html" && entry->is_regular_file(unreadable)) {
      found.names.push_back(name());
    } else if (is_stray(path) && entry->is_regular_file(unreadable)) {
      found.strays.push_back(name());
    }
  }
  return found;
}

SitePages read_pages(const std::filesystem::path& root) {
  SitePages site;
  const auto read = [&](const std::string& file) { return read_frame(root / file); };
  PageFiles files = page_files(root);
  site.circles = std::move(files.circles);
  for (const std::string& name : files.names) {
    if (name.starts_with(frame_folder)) continue;
    try {
      site.pages.emplace(name, with_frames(read_page(root / name), address_of(name), read));
    } catch (const FrameFault& fault) {
      site.faults.emplace(name, fault);
    }
  }
  for (std::string& name : files.strays)
    if (to_lower(read_page(root / name)).find("/actions/") != std::string::npos)
      site.strays.push_back(std::move(name));
  return site;
}

Pages::Pages(std::filesystem::path root, const std::vector<std::string>& origins,
             std::filesystem::path published, std::vector<std::string> linked_hosts,
             std::function<Clock::time_point()> clock)
    : root_(std::move(root)), published_(std::move(published)),
      linked_hosts_(std::move(linked_hosts)), clock_(std::move(clock)) {
  for (const std::string& origin : origins) hosts_.push_back(host_of(origin));
}

std::shared_ptr<const Page> Pages::find(std::string_view name) {
  const Clock::time_point now = clock_();
  std::shared_ptr<const Entry> known;
  {
    const MutexLock lock(mutex_);
    if (const auto found = entries_.find(name); found != entries_.end()) known = found->second;
  }
  if (known && now < known->looked_at + between_looks) return known->page;
  const bool is_as_it_was = known && std::ranges::all_of(known->stamps, [this](const auto& stamp) {
                              return stamp_of(root_ / stamp.first) == stamp.second;
                            });
  const MutexLock lock(mutex_);
  // Another thread has read it meanwhile.
  if (const auto found = entries_.find(name); found != entries_.end() && found->second != known)
    return found->second->page;
  Entry next = is_as_it_was ? *known : read(name, known ? known->page : nullptr);
  next.looked_at = now;
  // Only now: visitors may ask for any name, and one that is no page must leave nothing behind.
  std::shared_ptr<const Entry>& entry = entries_[std::string(name)];
  entry = std::make_shared<const Entry>(std::move(next));
  return entry->page;
}

Pages::Entry Pages::read(std::string_view name, const std::shared_ptr<const Page>& last) const {
  const std::filesystem::path path = root_ / name;
  // Each stamp is taken before its file is read: an edit meanwhile is noticed the next time.
  Entry entry{{{std::string(name), stamp_of(path)}}, last, {}};
  if (entry.stamps.begin()->second == Stamp{})
    throw std::runtime_error("there is no page " + path.string());
  const auto read_noted = [&](const std::string& file) {
    entry.stamps.emplace(file, stamp_of(root_ / file));
    return read_frame(root_ / file);
  };
  try {
    entry.page = parsed(with_frames(read_page(path), address_of(name), read_noted).html, name);
  } catch (const FrameFault& fault) {
    // A worker that is new, or that nobody asked for it yet, has no last page of its own.
    const std::filesystem::path published = published_ / name;
    if (!last && (published_.empty() || !stamp_of(published).is_file)) throw;
    if (!last) entry.page = parsed(read_page(published), name);
    log_event("warning", "a page cannot be read again: the last one stays",
              {{"page", path.string()},
               {"line", std::to_string(fault.line)},
               {"reason", fault.what()},
               {"mend", fault.mend}});
  }
  return entry;
}

std::shared_ptr<const Page> Pages::parsed(std::string html, std::string_view name) const {
  try {
    return std::make_shared<const Page>(std::move(html),
                                        PageAddress{address_of(name), hosts_, linked_hosts_});
  } catch (const std::invalid_argument& fault) {
    // Of a file that came after the start, which refuses such a page of an action.
    throw std::runtime_error(fmt::format("the page {} cannot be filled: {}", name, fault.what()));
  }
}

}  // namespace actiond
