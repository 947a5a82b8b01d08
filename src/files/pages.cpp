#include "files/pages.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "http/url.h"

namespace actiond {

namespace {

std::string read_page(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string html{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw std::runtime_error("cannot read the page " + path.string());
  return html;
}

}  // namespace

std::map<std::string, std::string, std::less<>> read_pages(const std::filesystem::path& root) {
  std::map<std::string, std::string, std::less<>> pages;
  std::error_code unreadable;
  const auto options = std::filesystem::directory_options::skip_permission_denied |
                       std::filesystem::directory_options::follow_directory_symlink;
  std::filesystem::recursive_directory_iterator entry(root, options, unreadable);
  for (; entry != std::filesystem::recursive_directory_iterator(); entry.increment(unreadable)) {
    const std::filesystem::path& path = entry->path();
    if (path.filename().string().starts_with('.'))
      entry.disable_recursion_pending();
    else if (path.extension() == ".html" && entry->is_regular_file(unreadable))
      pages.emplace(path.lexically_relative(root).string(), read_page(path));
  }
  return pages;
}

Pages::Pages(std::filesystem::path root, const std::vector<std::string>& origins)
    : root_(std::move(root)) {
  for (const std::string& origin : origins) hosts_.push_back(host_of(origin));
}

std::shared_ptr<const Page> Pages::find(std::string_view name) {
  const std::filesystem::path path = root_ / name;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw std::runtime_error("there is no page " + path.string());
  // A deploy by rename brings another inode, an edit another time.
  const Stamp stamp{static_cast<long long>(status.st_ino), status.st_size, status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec};
  const MutexLock lock(mutex_);
  const auto known = entries_.find(name);
  if (known != entries_.end() && known->second.stamp == stamp) return known->second.page;
  const PageAddress address{std::string("/").append(name), hosts_};
  auto page = std::make_shared<const Page>(read_page(path), address);
  entries_.insert_or_assign(std::string(name), Entry{stamp, page});
  return page;
}

}  // namespace actiond
