// A file that a form sent.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace actiond {

// The bytes of a file while its request is answered.  Where they are is for the store to say; they
// are gone with their last holder, unless a transaction keeps them.
class FileBytes {
 public:
  virtual ~FileBytes() = default;

  // Throws Unavailable when there is no room for them.
  virtual void append(std::string_view piece) = 0;
  // Up to `size` bytes from `offset` on; 0 at the end.
  virtual std::size_t read(std::size_t offset, char* into, std::size_t size) const = 0;
  // On disk when this returns: slow, and therefore not for inside a transaction.
  virtual void sync() = 0;
};

// Makes room for the bytes of one more file.
using NewFileBytes = std::function<std::shared_ptr<FileBytes>()>;

struct File {
  std::string name;  // what the client calls it, in its own words: data, never a path
  std::string type;  // the media type that its first bytes tell
  std::size_t size = 0;
  std::string digest;                // SHA-256
  std::shared_ptr<FileBytes> bytes;  // null: it is empty, or larger than its field takes
};

// PNG, JPEG, GIF and WebP by WHATWG MIME Sniffing section 6.1, PDF by 7.1;
// "application/octet-stream" for everything else.  `head` is the first `sniffed_bytes` of the file,
// or all of it.
std::string_view sniffed_type(std::string_view head);
constexpr std::size_t sniffed_bytes = 14;

// "png" for "image/png"; "bin" for a type that is not sniffed.
std::string_view extension_of(std::string_view type);
// "PNG" for "image/png"; the type itself when it is not sniffed.
std::string_view name_of_type(std::string_view type);

// "1 MiB", "512 KiB", "1000 bytes".
std::string size_text(std::size_t bytes);

}  // namespace actiond
