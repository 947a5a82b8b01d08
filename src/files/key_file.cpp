#include "files/key_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/file_text.h"
#include "base/program_name.h"
#include "files/durable.h"

namespace actiond {

KeyRing load_key_ring(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw WeakKey(
        fmt::format("there is no key ring {}; {} makes one", path.string(), in_shell("key new")));
  if ((status.st_mode & 077) != 0)
    throw WeakKey(
        fmt::format("others than its owner may use the key ring {}; chmod 600 it, and if "
                    "somebody may have read it, {}",
                    path.string(), in_shell("key new")));
  if (!S_ISREG(status.st_mode)) throw WeakKey("the key ring " + path.string() + " is not a file");
  const auto text = file_text(path);
  if (!text) throw WeakKey("cannot read the key ring " + path.string());
  try {
    return KeyRing::parse(*text);
  } catch (const WeakKey& error) {
    throw WeakKey(path.string() + ": " + error.what());
  }
}

void save_key_ring(const std::filesystem::path& path, const KeyRing& keys) {
  replace_file(path, keys.text(), 0600);
  sync_folder(path.parent_path());
}

}  // namespace actiond
