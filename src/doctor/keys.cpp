// The key ring: its mode, its keys, its age.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "base/program_name.h"
#include "doctor/checks.h"
#include "files/key_file.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::days rotation(365);

// When the newest key was made; of a ring that says it of none, when the file was changed.
Time newest_of(const KeyRing& ring, Time changed) {
  std::optional<Time> newest;
  for (const Key& key : ring.keys()) newest = std::max(newest, key.made);
  return newest.value_or(changed);
}

}  // namespace

Findings check_keys(const Patient& patient) {
  const std::filesystem::path& file = patient.settings.key_ring;
  std::optional<KeyRing> ring;
  try {
    ring = load_key_ring(file);
  } catch (const WeakKey& weak) {
    return {{weak.what(), "Whoever has the key can make themselves anybody's session.",
             fmt::format("`chmod 600 {}`, or {}, and {}.", file.string(), in_shell("key new"),
                         in_shell("reload"))}};
  }
  struct stat status {
  }, data{};
  Findings found;
  if (stat(file.c_str(), &status) != 0) return found;
  const Time newest = newest_of(*ring, Time(std::chrono::seconds(status.st_mtime)));
  if (current_time() - newest > rotation)
    found.push_back(
        {fmt::format("the newest key of {} is from {}", file.string(), to_rfc3339(newest)),
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
