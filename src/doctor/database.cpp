// The database as SQLite sees it, its files, and SQLite itself.
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/program_name.h"
#include "base/shared_folder.h"
#include "doctor/checks.h"
#include "doctor/facts.h"
#include "doctor/migrations.h"
#include "sqlite/engine.h"

namespace actiond::doctor {
namespace {

constexpr std::uintmax_t large_log_bytes = 64 * 1024 * 1024;  // 16 checkpoints' worth
constexpr int full = 2;
constexpr int strict_tables = 3037000;

std::string version_text(int number) {
  return fmt::format("{}.{}.{}", number / 1'000'000, number / 1000 % 1000, number % 1000);
}

}  // namespace

Findings judge(const DataFacts& facts) {
  Findings found;
  const auto report = [&](std::string what, std::string why, std::string mend) {
    found.push_back({fmt::format("{}: {}", facts.path, what), std::move(why), std::move(mend)});
  };
  report_migrations(facts.schema, "The pool that runs is older than this program.",
                    fmt::format("Restart {}: it migrates.", program_name()), report);
  if (facts.journal_mode != "wal")
    report(fmt::format("its journal mode is {}", facts.journal_mode),
           "Readers and writers hold each other up.",
           fmt::format("Restart {}: it sets WAL.", program_name()));
  if (facts.synchronous < full)
    report(fmt::format("synchronous is {}", facts.synchronous),
           "An answer that said done may not survive a power cut.",
           "Build the program from its own sources: it sets FULL.");
  if (facts.log_bytes > large_log_bytes)
    report(fmt::format("its log has grown to {} MiB", facts.log_bytes / 1024 / 1024),
           "Somebody reads without an end, so nothing can be moved from the log to the database.",
           "Look for a program that has the database open, `fuser -v` on it, and end it.");
  const unsigned wanted = facts.is_in_shared_folder ? 0660 : 0600;
  if ((facts.mode & 077 & ~wanted) != 0)
    report(fmt::format("mode {:04o}", facts.mode),
           "Others on this machine can read addresses and password hashes.",
           fmt::format("`chmod {:o} {}`", wanted, facts.path));
  if (facts.is_in_shared_folder && (facts.mode != wanted || !facts.has_folder_group))
    report(
        "its folder's group cannot write it", "The courier, a user of its own, sends no mail.",
        fmt::format("`chmod 660` {0} and the files whose names begin with {0}-, and `chgrp` them "
                    "to the group of the folder.",
                    facts.path));
  if (!facts.owned_by_folder_owner)
    report("it belongs to another user than its folder",
           "The server cannot write it, or not the log beside it.",
           fmt::format("`chown` {0} and the files whose names begin with {0}- to the owner of the "
                       "folder; run {1} as that user.",
                       facts.path, program_name()));
  if (facts.sqlite_version < facts.sqlite_built_with || facts.sqlite_version < strict_tables)
    report(fmt::format("SQLite {} runs, the program was built with {}",
                       version_text(facts.sqlite_version), version_text(facts.sqlite_built_with)),
           "What the program relies on may be missing.", "Upgrade libsqlite3-0.");
  return found;
}

Findings check_database(const Patient& patient) {
  if (!patient.settings.postgres.empty()) return check_postgres(patient);
  const std::filesystem::path& path = patient.settings.database;
  struct stat file {
  }, folder{};
  if (stat(path.c_str(), &file) != 0)
    return {{fmt::format("there is no database {}", path.string()),
             "It is made at the first start; on a site that had one, it is gone.",
             fmt::format("Start {}, or {} of the newest backup.", program_name(),
                         in_shell("restore"))}};
  if (stat(path.parent_path().c_str(), &folder) != 0) folder.st_uid = file.st_uid;
  const SqliteFacts data = sqlite_facts(path, schema_of(patient.settings.site));
  return judge(DataFacts{
      .path = path.string(),
      .schema = data.schema,
      .journal_mode = data.journal_mode,
      .synchronous = data.synchronous,
      .log_bytes = sqlite_sizes(path).log.value_or(0),
      .mode = file.st_mode & 07777,
      .is_in_shared_folder = is_in_shared_folder(path),
      .has_folder_group = file.st_gid == folder.st_gid,
      .owned_by_folder_owner = file.st_uid == folder.st_uid,
      .sqlite_version = data.version,
      .sqlite_built_with = data.version_built_with,
  });
}

}  // namespace actiond::doctor
