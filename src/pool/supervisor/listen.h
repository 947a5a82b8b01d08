// The socket that nginx talks to.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/descriptor.h"

namespace actiond {

// A Unix socket at `path`, mode 0660, of `group` unless that is empty.  A file left there by a
// server that is gone is replaced.  Throws std::runtime_error when the path is too long, another
// process listens there, or the group is unknown.
Descriptor listen_on(const std::filesystem::path& path, const std::string& group);

// The group of that name, nothing for none; throws std::runtime_error when it is unknown.
std::optional<gid_t> socket_group(const std::string& name);

// The socket at `path` that systemd has bound and handed over (sd_listen_fds(3)), with mode, group
// and backlog as actiond.socket says; it stays systemd's to remove.  Nothing when none was.  Throws
// std::runtime_error when something else was handed over.
std::optional<Descriptor> take_passed_socket(const std::filesystem::path& path);

// Where a listening Unix socket is bound.
std::filesystem::path bound_path(int listening);

}  // namespace actiond
