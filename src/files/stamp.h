// Tells one state of a file from another without reading it.
#pragma once

#include <filesystem>

namespace actiond {

// A deploy by rename brings another inode, an edit another time.  All zero: there is no file.
struct Stamp {
  unsigned long long inode = 0;
  long long size = 0, seconds = 0, nanoseconds = 0;
  bool is_file = false;  // a regular one

  bool operator==(const Stamp&) const = default;
};

// Follows links.
Stamp stamp_of(const std::filesystem::path& path);

}  // namespace actiond
