// The folder of uploaded files.  Those of a request on its way have no name (open(2), O_TMPFILE):
// they are gone with their last handle, also when the process is killed.  Those that a transaction
// keeps have one.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "data/file.h"

namespace actiond {

class UploadFolder {
 public:
  // Makes the folder, mode 0700, when it is missing.  Throws std::system_error that names it.
  explicit UploadFolder(const std::filesystem::path& path);

  // These three throw Unavailable.

  // An empty file without a name.
  std::shared_ptr<FileBytes> new_file() const;
  // Gives `bytes`, which come from `new_file`, a name that is free; lasting after `sync`.
  void link(const FileBytes& bytes, const std::string& name) const;
  void sync() const;
  bool has(const std::string& name) const noexcept;
  // All that have a name for `least` or longer.  Throws std::filesystem::filesystem_error.
  std::vector<std::string> names(std::chrono::seconds least) const;

  // A file that is gone already, or cannot be removed, is no failure: nobody knows its name.
  void remove(const std::string& name) const noexcept;

 private:
  const std::filesystem::path path_;
  Descriptor descriptor_;
};

}  // namespace actiond
