// Where the files are: a local disk that lasts, with room.
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "sqlite/engine.h"

namespace actiond::doctor {
namespace {

constexpr std::uintmax_t spare_bytes = 256 * mebibyte;
constexpr std::uintmax_t spare_files = 1000;

// Those of linux/magic.h, and what it leaves out: see statfs(2).
constexpr std::array<std::pair<std::int64_t, const char*>, 11> network_file_systems{{
    {NFS_SUPER_MAGIC, "NFS"},
    {SMB_SUPER_MAGIC, "SMB"},
    {CIFS_SUPER_MAGIC, "CIFS"},
    {SMB2_SUPER_MAGIC, "SMB2"},
    {AFS_SUPER_MAGIC, "AFS"},
    {AFS_FS_MAGIC, "AFS"},
    {CODA_SUPER_MAGIC, "Coda"},
    {CEPH_SUPER_MAGIC, "Ceph"},
    {V9FS_MAGIC, "9p"},
    {FUSE_SUPER_MAGIC, "FUSE"},
    {0x0BD00BD0, "Lustre"},
}};

const char* network_name(std::int64_t type) {
  for (const auto& [magic, name] : network_file_systems)
    if (magic == type) return name;
  return nullptr;
}

}  // namespace

Findings judge(const DiskFacts& facts) {
  Findings found;
  const auto report = [&](std::string what, std::string why, std::string mend) {
    found.push_back({fmt::format("{}: {}", facts.path, what), std::move(why), std::move(mend)});
  };
  if (const char* name = network_name(facts.file_system))
    report(fmt::format("{} is on {}", facts.holds, name),
           "Locks and syncs there do not hold what they promise: the data can be corrupted.",
           "Move it to a local disk.");
  if (facts.file_system == TMPFS_MAGIC || facts.file_system == RAMFS_MAGIC)
    report(fmt::format("{} is in memory", facts.holds), "The next boot loses it.",
           "Move it to a disk.");
  if (facts.read_only)
    report(fmt::format("{} cannot be written", facts.holds), "Nothing can be stored.",
           "Look into the kernel's log for the disk's errors, and mount it writable.");
  if (facts.free_bytes < facts.needed_bytes)
    report(fmt::format("{} MiB are free, {} MiB are wanted for {}", facts.free_bytes / mebibyte,
                       facts.needed_bytes / mebibyte, facts.holds),
           "When the disk is full every action that writes answers 503.",
           fmt::format("Make room, or a larger disk; {} removes old backups.",
                       in_shell("backup --keep N")));
  if (facts.free_files < spare_files)
    report(fmt::format("only {} more files fit", facts.free_files),
           "No upload and no log can be made then.",
           "Make room, or a file system with more inodes.");
  return found;
}

Findings check_disk(const Patient& patient) {
  const std::filesystem::path& database = patient.settings.database;
  const SqliteSizes sizes = sqlite_sizes(database);
  const std::uintmax_t data = sizes.database.value_or(0) + sizes.log.value_or(0);
  Findings found;
  const char* in_var = patient.settings.postgres.empty() ? "the database" : "the key ring";
  for (const auto& [folder, holds] : {std::pair{database.parent_path(), in_var},
                                      {patient.settings.uploads, "the folder of uploads"},
                                      {patient.settings.backups, "the folder of backups"}}) {
    struct statfs type {};
    struct statvfs space {};
    if (statfs(folder.c_str(), &type) != 0 || statvfs(folder.c_str(), &space) != 0) {
      // The other two are made when they are wanted.
      if (errno == ENOENT && folder != database.parent_path()) continue;
      throw std::system_error(errno, std::generic_category(), folder.string());
    }
    const bool counts_files = space.f_files > 0;  // btrfs does not
    for (Finding& finding : judge(DiskFacts{.path = folder.string(),
                            .holds = holds,
                            .file_system = static_cast<std::int64_t>(type.f_type),
                            .free_bytes = std::uintmax_t{space.f_bavail} * space.f_frsize,
                            .needed_bytes = spare_bytes + 2 * data,
                            .free_files = counts_files ? space.f_favail : UINTMAX_MAX,
                            .read_only = (space.f_flag & ST_RDONLY) != 0}))
      found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace actiond::doctor
