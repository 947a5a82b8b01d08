// The records that write_log.cpp, loaded into the pool by LD_PRELOAD, makes about the files of a
// database, in the order in which it happened.  A log is a row of these, each with its path and its
// data behind it.
#pragma once

#include <cstdint>

namespace actiond::reliability {

enum class Did : std::uint32_t {
  create,      // after
  write,       // after; data: what was written, at `offset`
  truncate,    // after, to `offset` bytes
  remove,      // after
  start_sync,  // before
  sync,        // after it succeeded; of a file or of the folder
  take_lock,   // after
  leave_lock,  // before
  send,        // before; data: what goes to a peer
};

struct LogEntry {
  Did did;
  std::int32_t process;
  std::int32_t thread;
  std::uint32_t path_size;
  std::uint64_t data_size;
  std::uint64_t offset;
};

}  // namespace actiond::reliability
