#include "base/shared_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace actiond {

bool is_in_shared_folder(const std::filesystem::path& file) {
  struct stat folder {};
  const std::filesystem::path parent = std::filesystem::absolute(file).parent_path();
  return stat(parent.c_str(), &folder) == 0 && (folder.st_mode & 07077) == 02010;
}

void share_in_folder(int descriptor, const std::filesystem::path& file) {
  struct stat status {};
  if (!is_in_shared_folder(file) || fstat(descriptor, &status) != 0 || status.st_uid != geteuid() ||
      (status.st_mode & 0777) == 0660)
    return;
  if (fchmod(descriptor, 0660) != 0)
    throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace actiond
