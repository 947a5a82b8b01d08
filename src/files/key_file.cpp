#include "files/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "files/durable.h"

namespace actiond {

KeyRing load_key_ring(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw WeakKey(
        fmt::format("there is no key ring {}; `actiond key new` makes one", path.string()));
  if ((status.st_mode & 077) != 0)
    throw WeakKey(
        fmt::format("others than its owner may use the key ring {}; chmod 600 it, and if "
                    "somebody may have read it, `actiond key new`",
                    path.string()));
  if (!S_ISREG(status.st_mode)) throw WeakKey("the key ring " + path.string() + " is not a file");
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw WeakKey("cannot read the key ring " + path.string());
  try {
    return KeyRing::parse(text);
  } catch (const WeakKey& error) {
    throw WeakKey(path.string() + ": " + error.what());
  }
}

void save_key_ring(const std::filesystem::path& path, const KeyRing& keys) {
  const std::filesystem::path next = path.string() + ".new";
  const std::string text = keys.text();
  // A link or a file of somebody else's that waits under that name is not written to.
  unlink(next.c_str());
  const Descriptor file = open_file(next, O_WRONLY | O_CREAT | O_EXCL);
  if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fchmod(file.get(), 0600) != 0 || fsync(file.get()) != 0)
    throw std::system_error(errno, std::generic_category(), next.string());
  std::filesystem::rename(next, path);
  const Descriptor folder(open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) fsync(folder.get());
}

}  // namespace actiond
