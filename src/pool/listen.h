// The socket that nginx talks to.
#pragma once

#include <filesystem>
#include <string>

namespace actiond {

// A Unix socket at `path`, mode 0660, of `group` unless that is empty.  A file left there by a
// server that is gone is replaced.  Throws std::runtime_error when the path is too long, another
// process listens there, or the group is unknown.
int listen_on(const std::filesystem::path& path, const std::string& group);

}  // namespace actiond
