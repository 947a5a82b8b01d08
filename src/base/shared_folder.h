// A folder whose files are for two users: the site's, who owns it, and the courier's, by its group.
#pragma once

#include <filesystem>

namespace actiond {

// Whether the folder of `file` is one: it gives its group to what is made in it, lets that group
// pass, and lets it do nothing else, nor others anything: mode 2710.
bool is_in_shared_folder(const std::filesystem::path& file);

// Lets the group of such a folder read and write `file`, which is open as `descriptor` and this
// process's own, whatever the umask: mode 0660.  Elsewhere, and for what is another user's, nothing
// changes.
void share_in_folder(int descriptor, const std::filesystem::path& file);

}  // namespace actiond
