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
  explicit UnnamedFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  void append(std::string_view piece) override {
    while (!piece.empty()) {
      const ssize_t written = write(descriptor_.get(), piece.data(), piece.size());
      if (written < 0 && errno != EINTR) fail("cannot store an upload");
      if (written > 0) piece.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::size_t read(std::size_t offset, char* into, std::size_t size) const override {
    const ssize_t read = pread(descriptor_.get(), into, size, static_cast<off_t>(offset));
    if (read < 0) fail("cannot read an upload");
    return static_cast<std::size_t>(read);
  }

  // Its group may read a kept file, whatever the umask: the folder decides who gets as far as that.
  void sync() override {
    if (fchmod(descriptor_.get(), 0640) != 0 || fdatasync(descriptor_.get()) != 0)
      fail("cannot sync an upload");
  }

  // The way to it for linkat(2), which needs no privilege here.
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_.get()); }

 private:
  const Descriptor descriptor_;
};

}  // namespace

UploadFolder::UploadFolder(const std::filesystem::path& path) : path_(path) {
  const bool made = mkdir(path.c_str(), 0700) == 0 || errno == EEXIST;
  descriptor_ =
      Descriptor::checked(made ? open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1,
                          "the folder of uploads " + path.string());
}

std::shared_ptr<FileBytes> UploadFolder::new_file() const {
  Descriptor file(openat(descriptor_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file) fail("cannot make a temporary file in the folder of uploads");
  return std::make_shared<UnnamedFile>(std::move(file));
}

void UploadFolder::link(const FileBytes& bytes, const std::string& name) const {
  const std::string path = dynamic_cast<const UnnamedFile&>(bytes).path();
  if (linkat(AT_FDCWD, path.c_str(), descriptor_.get(), name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    fail("cannot keep an upload");
}

void UploadFolder::sync() const {
  if (fsync(descriptor_.get()) != 0) fail("cannot sync the folder of uploads");
}

bool UploadFolder::has(const std::string& name) const noexcept {
  return faccessat(descriptor_.get(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

std::vector<std::string> UploadFolder::names(std::chrono::seconds least) const {
  const auto latest = std::filesystem::file_time_type::clock::now() - least;
  std::vector<std::string> found;
  std::error_code gone;  // while this looks
  for (const auto& entry : std::filesystem::directory_iterator(path_))
    if (entry.last_write_time(gone) <= latest && !gone)
      found.push_back(entry.path().filename().string());
  return found;
}

void UploadFolder::remove(const std::string& name) const noexcept {
  unlinkat(descriptor_.get(), name.c_str(), 0);
}

}  // namespace actiond
