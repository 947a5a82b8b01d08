// Stands between a program and the system: every call that changes or syncs the files that start
// with WRITE_LOG_OF, takes or leaves the write lock, or answers a peer is written to the file
// WRITE_LOG.  Each entry is one write(2) in O_APPEND, so the log's order is the order of all
// threads and processes.
#include "reliability/write_log.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>
#include <string_view>

using actiond::reliability::Did;
using actiond::reliability::LogEntry;

namespace {

template <class Function>
Function* real(Function*, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
// The function that this one hides.
#define REAL(function) \
  static const auto real_##function = real(static_cast<decltype(&::function)>(nullptr), #function)

std::string_view watched() {
  static const char* const prefix = std::getenv("WRITE_LOG_OF");
  return prefix;
}

// The lock file holds no data, and what is in shared memory is made anew from the log.
bool is_data(std::string_view path) {
  return path.starts_with(watched()) && !path.ends_with("-shm") && !path.ends_with("-lock");
}

bool is_folder(std::string_view path) { return path == watched().substr(0, watched().rfind('/')); }

std::string path_of(int descriptor) {
  const int kept = errno;
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t size = readlink(link.c_str(), path, sizeof path);
  errno = kept;
  return {path, size > 0 ? static_cast<std::size_t>(size) : 0};
}

void say(Did did, std::string_view path, std::uint64_t offset = 0, std::string_view data = {}) {
  static const int log = static_cast<int>(syscall(SYS_openat, AT_FDCWD, std::getenv("WRITE_LOG"),
                                                  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  const int kept = errno;
  LogEntry entry{did,         getpid(), gettid(), static_cast<std::uint32_t>(path.size()),
                 data.size(), offset};
  const iovec parts[]{{&entry, sizeof entry},
                      {const_cast<char*>(path.data()), path.size()},
                      {const_cast<char*>(data.data()), data.size()}};
  const auto size = static_cast<long>(sizeof entry + path.size() + data.size());
  // A log with a hole would say that all is well.
  if (syscall(SYS_writev, log, parts, 3) != size) std::abort();
  errno = kept;
}

std::string joined(const iovec* parts, std::size_t count) {
  std::string all;
  for (std::size_t at = 0; at < count; ++at)
    all.append(static_cast<const char*>(parts[at].iov_base), parts[at].iov_len);
  return all;
}

void say_sent(int descriptor, std::string_view data) {
  if (path_of(descriptor).starts_with("socket:")) say(Did::send, "", 0, data);
}

void say_written(int descriptor, off_t offset, const void* bytes, ssize_t size) {
  if (size <= 0) return;
  const std::string path = path_of(descriptor);
  if (is_data(path))
    say(Did::write, path, static_cast<std::uint64_t>(offset),
        {static_cast<const char*>(bytes), static_cast<std::size_t>(size)});
}

template <class Sync>
int synced(Sync sync, int descriptor) {
  const std::string path = path_of(descriptor);
  const bool counts = is_data(path) || is_folder(path);
  if (counts) say(Did::start_sync, path);
  const int result = sync(descriptor);
  if (counts && result == 0) say(Did::sync, path);
  return result;
}

template <class Open>
int opened(Open open, const char* path, int flags, mode_t mode) {
  const bool missing = (flags & O_CREAT) != 0 && is_data(path) && access(path, F_OK) != 0;
  const int descriptor = open(path, flags, mode);
  if (descriptor >= 0 && missing) say(Did::create, path);
  return descriptor;
}

template <class Truncate>
int truncated(Truncate truncate, int descriptor, off_t size) {
  const int result = truncate(descriptor, size);
  const std::string path = path_of(descriptor);
  if (result == 0 && is_data(path)) say(Did::truncate, path, static_cast<std::uint64_t>(size));
  return result;
}

template <class Control>
int controlled(Control control, int descriptor, int command, void* argument) {
  const bool locks = command == F_OFD_SETLK || command == F_OFD_SETLKW;
  const auto* range = static_cast<const struct flock*>(argument);
  // The first byte of the lock file is the write lock.
  if (!locks || range->l_start != 0 ||
      path_of(descriptor) != std::string(watched()).append("-lock"))
    return control(descriptor, command, argument);
  if (range->l_type == F_UNLCK) say(Did::leave_lock, "");
  const int result = control(descriptor, command, argument);
  if (range->l_type == F_WRLCK && result == 0) say(Did::take_lock, "");
  return result;
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return opened(real_open, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return opened(real_open64, path, flags, mode);
}

int fcntl(int descriptor, int command, ...) {
  REAL(fcntl);
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return controlled(real_fcntl, descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
  REAL(fcntl64);
  va_list more;
  va_start(more, command);
  void* argument = va_arg(more, void*);
  va_end(more);
  return controlled(real_fcntl64, descriptor, command, argument);
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t offset) {
  REAL(pwrite);
  const ssize_t written = real_pwrite(descriptor, bytes, size, offset);
  say_written(descriptor, offset, bytes, written);
  return written;
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t size, off64_t offset) {
  REAL(pwrite64);
  const ssize_t written = real_pwrite64(descriptor, bytes, size, offset);
  say_written(descriptor, offset, bytes, written);
  return written;
}

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  REAL(write);
  say_sent(descriptor, {static_cast<const char*>(bytes), size});
  const ssize_t written = real_write(descriptor, bytes, size);
  const int kept = errno;
  say_written(descriptor, lseek(descriptor, 0, SEEK_CUR) - written, bytes, written);
  errno = kept;
  return written;
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
  REAL(writev);
  say_sent(descriptor, joined(parts, static_cast<std::size_t>(count)));
  return real_writev(descriptor, parts, count);
}

ssize_t send(int descriptor, const void* bytes, std::size_t size, int flags) {
  REAL(send);
  say_sent(descriptor, {static_cast<const char*>(bytes), size});
  return real_send(descriptor, bytes, size, flags);
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  REAL(sendmsg);
  say_sent(descriptor, joined(message->msg_iov, message->msg_iovlen));
  return real_sendmsg(descriptor, message, flags);
}

int ftruncate(int descriptor, off_t size) noexcept {
  REAL(ftruncate);
  return truncated(real_ftruncate, descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) noexcept {
  REAL(ftruncate64);
  return truncated(real_ftruncate64, descriptor, size);
}

int unlink(const char* path) noexcept {
  REAL(unlink);
  const int result = real_unlink(path);
  if (result == 0 && is_data(path)) say(Did::remove, path);
  return result;
}

int fsync(int descriptor) {
  REAL(fsync);
  return synced(real_fsync, descriptor);
}

int fdatasync(int descriptor) {
  REAL(fdatasync);
  return synced(real_fdatasync, descriptor);
}

}  // extern "C"
