#include "sqlite/failing_calls.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {

std::atomic<int> syncs_to_failure = 0;
std::atomic<int> writes_to_failure = 0;
std::atomic<bool> failed = false;

bool fails(std::atomic<int>& calls_to_failure) {
  if (calls_to_failure == 0 || --calls_to_failure > 0) return false;
  failed = true;
  errno = EIO;
  return true;
}

}  // namespace

namespace actiond::test {

void fail_sync(int nth) {
  failed = false;
  syncs_to_failure = nth;
}

void fail_write(int nth) {
  failed = false;
  writes_to_failure = nth;
}

bool has_call_failed() { return failed; }

}  // namespace actiond::test

extern "C" {

int fdatasync(int descriptor) {
  struct stat file {};
  // SQLite ignores a folder's sync that fails.
  const bool is_folder = fstat(descriptor, &file) == 0 && S_ISDIR(file.st_mode);
  if (!is_folder && fails(syncs_to_failure)) return -1;
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

int fsync(int descriptor) {
  if (fails(syncs_to_failure)) return -1;
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  if (fails(writes_to_failure)) return -1;
  return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

}  // extern "C"
