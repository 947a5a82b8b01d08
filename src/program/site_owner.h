// The user in whose name root's commands work on a site.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>

namespace actiond {

// Turns a process of root's, for good, into one of the user who owns the site, with that user's
// groups, so that what it makes belongs there and a planted link leads nowhere that this user could
// not go.  The owner is the first of these that is not root: of the settings file and its folder,
// whose words are followed, and of `data`, the first that is there: for most the database's folder.
// Returns "user NAME", or nothing when this process stays who it is.  Throws std::system_error when
// the change is refused.
std::string become_site_owner(const std::filesystem::path& settings_file,
                              std::initializer_list<std::filesystem::path> data);

}  // namespace actiond
