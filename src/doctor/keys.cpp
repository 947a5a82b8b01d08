// The key ring: its mode, its keys, its age.
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "files/key_file.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::days rotation(365);

}  // namespace

Findings check_keys(const Patient& patient) {
  const std::filesystem::path& file = patient.settings.key_ring;
  Findings found;
  try {
    load_key_ring(file);
  } catch (const WeakKey& weak) {
    return {{weak.what(), "Whoever has the key can make themselves anybody's session.",
             fmt::format("`chmod 600 {}`, or {}, and {}.", file.string(), in_shell("key new"),
                         in_shell("reload"))}};
  }
  struct stat status {
  }, data{};
  if (stat(file.c_str(), &status) != 0) return found;
  const Time changed{std::chrono::seconds(status.st_mtime)};
  if (current_time() - changed > rotation)
    found.push_back(
        {fmt::format("the newest key of {} is from {}", file.string(), to_rfc3339(changed)),
         "The longer a key lives, the more copies of it there are in old backups and images.",
         fmt::format("{} and {}; {} of the old one when its sessions are over.",
                     in_shell("key new"), in_shell("reload"), in_shell("key drop"))});
  if (stat(patient.settings.database.parent_path().c_str(), &data) == 0 &&
      status.st_uid != data.st_uid)
    found.push_back(
        {fmt::format("{} belongs to user {}, the data to user {}", file.string(), status.st_uid,
                     data.st_uid),
         "A server that runs as the owner of the data cannot read it at its next start.",
         fmt::format("`chown --reference={} {}`", patient.settings.database.parent_path().string(),
                     file.string())});
  return found;
}

}  // namespace actiond::doctor
