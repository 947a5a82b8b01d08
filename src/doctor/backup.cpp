// The newest backup.
#include "sqlite/backup.h"

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/facts.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::hours oldest(36);  // a day, and one that came late

}  // namespace

Findings judge(const BackupFacts& facts) {
  const std::string why = "What a lost disk takes with it cannot be brought back.";
  const std::string mend =
      "`systemctl enable --now actiond-backup.timer`, or run `actiond backup` once a day; see "
      "`journalctl -u actiond-backup` for why it failed.";
  if (!facts.newest) return {{fmt::format("there is no backup in {}", facts.folder), why, mend}};
  if (facts.now - *facts.newest > oldest)
    return {
        {fmt::format("the newest backup in {} is from {}", facts.folder, to_rfc3339(*facts.newest)),
         why, mend}};
  return {};
}

Findings check_backup(const Patient& patient) {
  const auto all = dated_backups(patient.settings.backups);
  return judge(BackupFacts{
      .folder = patient.settings.backups.string(),
      .newest = all.empty() ? std::nullopt : std::optional(all.back().made),
      .now = current_time(),
  });
}

}  // namespace actiond::doctor
