#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/encoding.h"
#include "base/shared_folder.h"

namespace actiond {
namespace {

struct flock on_byte(int byte, short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = byte;
  range.l_len = 1;
  return range;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& path)
    : descriptor_(
          Descriptor::checked(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600),
                              "cannot open the lock file " + path.string())) {
  share_in_folder(descriptor_.get(), path);
}

void FileLock::lock(int byte) {
  struct flock range = on_byte(byte, F_WRLCK);
  while (fcntl(descriptor_.get(), F_OFD_SETLKW, &range) != 0)
    if (errno != EINTR) fail("cannot lock");
}

bool FileLock::try_lock(int byte) {
  struct flock range = on_byte(byte, F_WRLCK);
  if (fcntl(descriptor_.get(), F_OFD_SETLK, &range) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  fail("cannot lock");
}

void FileLock::unlock(int byte) {
  struct flock range = on_byte(byte, F_UNLCK);
  if (fcntl(descriptor_.get(), F_OFD_SETLK, &range) != 0) fail("cannot unlock");
}

void FileLock::write_note(const std::string& note) {
  const auto size = static_cast<off_t>(note.size());
  // Written before it is cut to size: a reader in between sees no gap.
  if (pwrite(descriptor_.get(), note.data(), note.size(), 0) != size ||
      ftruncate(descriptor_.get(), size) != 0)
    fail("cannot write the lock file");
}

std::string FileLock::read_note() const {
  std::string note(4096, '\0');
  const ssize_t size = pread(descriptor_.get(), note.data(), note.size(), 0);
  note.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return note;
}

std::string FileLock::read_holder() const {
  const std::string note = read_note();
  return to_one_line(note.substr(0, note.find('\n')));
}

std::filesystem::path lock_path(const std::filesystem::path& database) {
  return database.string() + "-lock";
}

}  // namespace actiond
