#include "program/site_owner.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>

namespace actiond {
namespace {

struct Owner {
  uid_t user;
  gid_t group;
};

// Nothing for root and for what is not there.
std::optional<Owner> owner_of(int (*look)(const char*, struct stat*),
                              const std::filesystem::path& path) {
  struct stat status {};
  if (look(path.c_str(), &status) != 0 || status.st_uid == 0) return std::nullopt;
  return Owner{status.st_uid, status.st_gid};
}

std::optional<Owner> find_owner(const std::filesystem::path& file,
                                std::initializer_list<std::filesystem::path> data) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  if (auto owner = owner_of(stat, folder)) return owner;
  // A link in it says who made the link, not who owns what it leads to.
  if (auto owner = owner_of(lstat, file)) return owner;
  if (auto owner = owner_of(stat, file)) return owner;
  for (const auto& folder : data)
    for (const auto look : {lstat, stat})
      if (auto owner = owner_of(look, folder)) return owner;
  return std::nullopt;
}

}  // namespace

std::string become_site_owner(const std::filesystem::path& file,
                              std::initializer_list<std::filesystem::path> data) {
  if (geteuid() != 0) return {};
  const auto owner = find_owner(file, data);
  if (!owner) return {};
  const passwd* entry = getpwuid(owner->user);
  const std::string name =
      "user " + (entry != nullptr ? std::string(entry->pw_name) : std::to_string(owner->user));
  // The group of a folder may be nginx's: a user that is known has a group of its own.
  const gid_t group = entry != nullptr ? entry->pw_gid : owner->group;
  const int groups = entry != nullptr ? initgroups(entry->pw_name, group) : setgroups(1, &group);
  if (groups != 0 || setresgid(group, group, group) != 0 ||
      setresuid(owner->user, owner->user, owner->user) != 0)
    throw std::system_error(errno, std::generic_category(),
                            "cannot become " + name + ", who owns the site");
  return name;
}

}  // namespace actiond
