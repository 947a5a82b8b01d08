// The site's static pages, parsed once and again when their file changes.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_annotations.h"
#include "page/page.h"

namespace actiond {

// The text of each page below `root`, by its path there, "docs/intro.html"; without what begins
// with a dot.  A folder that cannot be read has none; throws std::runtime_error for such a page.
std::map<std::string, std::string, std::less<>> read_pages(const std::filesystem::path& root);

class Pages {
 public:
  // `origins` are those of the site: a form may name its action with one of them.
  explicit Pages(std::filesystem::path root, const std::vector<std::string>& origins = {});

  // Throws std::runtime_error when there is no such page below the root.
  std::shared_ptr<const Page> find(std::string_view name);

 private:
  struct Stamp {
    long long inode, size, seconds, nanoseconds;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    Stamp stamp;
    std::shared_ptr<const Page> page;
  };

  const std::filesystem::path root_;
  std::vector<std::string> hosts_;
  Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ GUARDED_BY(mutex_);
};

}  // namespace actiond
