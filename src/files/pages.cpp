#include "files/pages.h"

#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "http/url.h"

namespace actiond {

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
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(name);
  if (known != entries_.end() && known->second.stamp == stamp) return known->second.page;
  std::ifstream file(path, std::ios::binary);
  std::string html{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw std::runtime_error("cannot read the page " + path.string());
  const PageAddress address{std::string("/").append(name), hosts_};
  auto page = std::make_shared<const Page>(std::move(html), address);
  entries_.insert_or_assign(std::string(name), Entry{stamp, page});
  return page;
}

}  // namespace actiond
