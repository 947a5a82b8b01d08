// A copy of a database that is checked and on disk.
#pragma once

#include <filesystem>
#include <functional>

#include "sqlite/backup.h"
#include "sqlite/connection.h"

namespace actiond {

// Copies what the transaction of `from` sees into the new file `to`, mode 0600 or as
// base/shared_folder.h says, a database that needs no other file beside it, and applies `change` to
// it, which leaves no trace of what it removes.  Takes about half of the disk's time and leaves the
// rest to others.  Throws std::runtime_error when the copy does not pass SQLite's integrity check.
void make_sound_copy(Connection& from, const std::filesystem::path& to,
                     const std::function<void(Transaction&)>& change, const CopyWatch& watch);

}  // namespace actiond
