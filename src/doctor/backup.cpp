// The newest backup.
#include "sqlite/backup.h"

#include <fmt/format.h>

#include "base/count.h"
#include "base/program_name.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "program/program.h"

namespace actiond::doctor {
namespace {

constexpr std::chrono::hours oldest(36);  // a day, and one that came late

}  // namespace

Findings judge(const BackupFacts& facts) {
  const std::string why = "What a lost disk takes with it cannot be brought back.";
  const std::string mend = fmt::format(
      "`systemctl enable --now {0}-backup.timer`, or run {1} once a day; see "
      "`journalctl -u {0}-backup` for why it failed.",
      program_name(), in_shell("backup"));
  Findings found;
  if (facts.from_future > 0)
    found.push_back(
        {fmt::format("{} in {} {} from the future", count(facts.from_future, "backup"),
                     facts.folder, facts.from_future == 1 ? "has a name" : "have names"),
         "The clock was wrong then or is wrong now; `backup --keep` neither counts nor "
         "removes them.",
         "Set the clock, and rename or remove them."});
  if (!facts.newest)
    found.push_back({fmt::format("there is no backup in {}", facts.folder), why, mend});
  else if (facts.now - *facts.newest > oldest)
    found.push_back(
        {fmt::format("the newest backup in {} is from {}", facts.folder, to_rfc3339(*facts.newest)),
         why, mend});
  return found;
}

Findings check_backup(const Patient& patient) {
  // The server's backups are made with its own means, where this program sees none of them.
  if (!patient.settings.postgres.empty()) return {};
  BackupFacts facts{
      .folder = patient.settings.backups.string(), .newest = {}, .now = current_time()};
  for (const DatedBackup& backup : dated_backups(patient.settings.backups)) {
    if (backup.made > facts.now)
      ++facts.from_future;
    else
      facts.newest = backup.made;
  }
  return judge(facts);
}

}  // namespace actiond::doctor
