#include "files/stamp.h"

#include <sys/stat.h>

namespace actiond {

Stamp stamp_of(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return {};
  return {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
          S_ISREG(status.st_mode)};
}

}  // namespace actiond
