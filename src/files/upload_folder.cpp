#include "files/upload_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "data/store.h"

namespace actiond {
namespace {

[[noreturn]] void fail(const char* what) {
  throw Unavailable(std::string(what) + ": " + std::generic_category().message(errno));
}

class UnnamedFile final : public FileBytes {
 public:
  explicit UnnamedFile(int descriptor) : descriptor_(descriptor) {}
  UnnamedFile(const UnnamedFile&) = delete;
  UnnamedFile& operator=(const UnnamedFile&) = delete;
  ~UnnamedFile() override { close(descriptor_); }

  void append(std::string_view piece) override {
    while (!piece.empty()) {
      const ssize_t written = write(descriptor_, piece.data(), piece.size());
      if (written < 0 && errno != EINTR) fail("cannot store an upload");
      if (written > 0) piece.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::size_t read(std::size_t offset, char* into, std::size_t size) const override {
    const ssize_t read = pread(descriptor_, into, size, static_cast<off_t>(offset));
    if (read < 0) fail("cannot read an upload");
    return static_cast<std::size_t>(read);
  }

  // Its group may read a kept file, whatever the umask: the folder decides who gets as far as that.
  void sync() override {
    if (fchmod(descriptor_, 0640) != 0 || fdatasync(descriptor_) != 0)
      fail("cannot sync an upload");
  }

  // The way to it for linkat(2), which needs no privilege here.
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  const int descriptor_;
};

}  // namespace

UploadFolder::UploadFolder(const std::filesystem::path& path) {
  const bool made = mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
  descriptor_ = made ? open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  if (descriptor_ < 0)
    throw std::system_error(errno, std::generic_category(),
                            "the folder of uploads " + path.string());
}

UploadFolder::~UploadFolder() { close(descriptor_); }

std::shared_ptr<FileBytes> UploadFolder::new_file() const {
  const int file = openat(descriptor_, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) fail("cannot make a temporary file in the folder of uploads");
  return std::make_shared<UnnamedFile>(file);
}

void UploadFolder::link(const FileBytes& bytes, const std::string& name) const {
  const std::string path = dynamic_cast<const UnnamedFile&>(bytes).path();
  if (linkat(AT_FDCWD, path.c_str(), descriptor_, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    fail("cannot keep an upload");
}

void UploadFolder::sync() const {
  if (fsync(descriptor_) != 0) fail("cannot sync the folder of uploads");
}

void UploadFolder::remove(const std::string& name) const noexcept {
  unlinkat(descriptor_, name.c_str(), 0);
}

}  // namespace actiond
