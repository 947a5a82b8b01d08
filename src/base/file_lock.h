// Locks on the bytes of a lock file, held by an open file description (fcntl(2), F_OFD_SETLK):
// shared by all processes, queued by the kernel, and gone with their holder even by `kill -9`.
//
// The lock file is never one of SQLite's own: closing those would drop SQLite's locks.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "base/descriptor.h"

namespace actiond {

class FileLock {
 public:
  // Makes the file when it is missing, mode 0600, or as base/shared_folder.h says.  Throws
  // std::system_error, also for a link.
  explicit FileLock(const std::filesystem::path& path);
  // Takes over an open lock file, and what is locked by it.
  explicit FileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  // Waits its turn.  Two FileLocks exclude each other, in one process as well; one does not
  // exclude itself.
  void lock(int byte);
  [[nodiscard]] bool try_lock(int byte);
  void unlock(int byte);

  // A note for people in the file itself: who holds it.
  void write_note(const std::string& note);
  std::string read_note() const;
  // Its first line, of which nothing commands a terminal.
  std::string read_holder() const;

  int descriptor() const { return descriptor_.get(); }

 private:
  Descriptor descriptor_;
};

// The meaning of each byte of a database's lock file.
namespace lock_byte {
constexpr int write_lock = 0;
constexpr int server = 1;
constexpr int first_hash_slot = 2;  // as many as account/password.h says
}  // namespace lock_byte

// "site.db-lock" for "site.db".
std::filesystem::path lock_path(const std::filesystem::path& database);

}  // namespace actiond
