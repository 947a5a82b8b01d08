#include "files/durable.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace actiond {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

bool write_all(int descriptor, const char* bytes, ssize_t size) {
  while (size > 0) {
    const ssize_t written = write(descriptor, bytes, static_cast<std::size_t>(size));
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) {
      bytes += written;
      size -= written;
    }
  }
  return true;
}

}  // namespace

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  if (fsync(opened.get()) != 0) fail(folder);
}

Descriptor open_file(const std::filesystem::path& path, int flags) {
  return Descriptor::checked(open(path.c_str(), flags | O_CLOEXEC, 0600), path.string());
}

void replace_file(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  const std::filesystem::path next = path.string() + ".new";
  // A link or a file of somebody else's that waits under that name is not written to.
  unlink(next.c_str());
  const Descriptor file = open_file(next, O_WRONLY | O_CREAT | O_EXCL);
  if (!write_all(file.get(), bytes.data(), static_cast<ssize_t>(bytes.size())) ||
      fchmod(file.get(), mode) != 0 || fsync(file.get()) != 0)
    fail(next);
  std::filesystem::rename(next, path);
}

void copy_file(const Descriptor& from, const std::filesystem::path& to) {
  const Descriptor made = open_file(to, O_WRONLY | O_CREAT | O_EXCL);
  std::array<char, 1 << 16> piece;
  off_t at = 0;
  ssize_t read;
  while ((read = pread(from.get(), piece.data(), piece.size(), at)) > 0) {
    if (!write_all(made.get(), piece.data(), read)) fail(to);
    at += read;
  }
  if (read < 0) fail(to);
  if (fchmod(made.get(), 0640) != 0 || fsync(made.get()) != 0) fail(to);
}

void link_or_copy_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (link(from.c_str(), to.c_str()) == 0) return;
  // Another disk, one that knows no links, or a file of somebody else's.
  copy_file(open_file(from, O_RDONLY | O_NOFOLLOW), to);
}

}  // namespace actiond
