// Files that are there after a power cut.
#pragma once

#include <filesystem>

namespace actiond {

// These throw std::system_error, or std::filesystem::filesystem_error, which name the path.

// Makes the names in the folder durable: files that were made, renamed or removed stay so.
void sync_folder(const std::filesystem::path& folder);

// A file descriptor, closed at the end.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags);
  OpenFile(OpenFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// A new file, mode 0640, with the bytes of `from`, on disk when this returns.
void copy_file(const OpenFile& from, const std::filesystem::path& to);

// As copy_file, for a file that nobody ever changes: where the disk is the same, `to` is another
// name for it and costs nothing.  Its name lasts after `sync_folder`.
void link_or_copy_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace actiond
