// The site's static pages, parsed once and again when their file changes.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "page/page.h"

namespace actiond {

class Pages {
 public:
  explicit Pages(std::filesystem::path root) : root_(std::move(root)) {}

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
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace actiond
