// Files that are there after a power cut.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/descriptor.h"

namespace actiond {

// These throw std::system_error, or std::filesystem::filesystem_error, which name the path.

// Makes the names in the folder durable: files that were made, renamed or removed stay so.
void sync_folder(const std::filesystem::path& folder);

// Close-on-exec; mode 0600 when open(2) makes it.
Descriptor open_file(const std::filesystem::path& path, int flags);

// Puts a file with these bytes and this mode in the place of `path`: at each moment the old or the
// new one has the name, whole.  It is made as `path`.new; its name lasts after `sync_folder`.
void replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode);

// A new file, mode 0640, with the bytes of `from`, on disk when this returns.
void copy_file(const Descriptor& from, const std::filesystem::path& to);

// As copy_file, for a file that nobody ever changes: where the disk is the same, `to` is another
// name for it and costs nothing.  Its name lasts after `sync_folder`.
void link_or_copy_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace actiond
