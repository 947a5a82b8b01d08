#include "sqlite/backup.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <chrono>
#include <stdexcept>

#include "base/count.h"
#include "base/program_name.h"
#include "cli/commands.h"
#include "cli/past.h"
#include "cli/shown_progress.h"
#include "payment/session_rows.h"
#include "program/engine.h"
#include "program/program.h"
#include "store/mail_links.h"
#include "store/outbox.h"

namespace actiond {
namespace {

DataPlaces places_of(const Settings& settings) { return {settings.database, settings.uploads}; }

void require_sqlite(const Settings& settings, std::string_view instead) {
  if (!settings.postgres.empty())
    throw std::runtime_error(fmt::format(
        "the data is in {}, with its uploads: `{}` does this there, and pgBackRest to any moment",
        shown_place(settings), instead));
}

std::string to_size(std::uintmax_t bytes) {
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

}  // namespace

void command::backup(const Settings& settings, const std::filesystem::path& file,
                     std::size_t keep) {
  require_sqlite(settings, "pg_dump --format=custom");
  const auto start = std::chrono::steady_clock::now();
  if (file.empty()) mkdir(settings.backups.c_str(), 0700);  // if it cannot be, the backup says so
  const std::filesystem::path target =
      file.empty() ? dated_backup(settings.backups, current_time()) : file;
  ShownProgress shown;
  const BackupMade made = back_up(
      places_of(settings), target,
      // A link that was just mailed would let in who finds the backup, and lead them on to Stripe.
      [](Transaction& tx) {
        if (has_table(tx, "mail_links")) end_all_mail_links(tx);
        if (has_table(tx, "stripe_sessions")) forget_sessions(tx);
        if (has_table(tx, "outbox")) expire_mails(tx, current_time());
      },
      shown.watch());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::string removed;
  if (keep > 0)
    removed = fmt::format(
        "; {} removed",
        count(prune_backups(settings.backups, keep, target, current_time()), "older one"));
  shown.end();
  fmt::print("{}: {} and {}, checked, in {:.2f} s{}\n", target.string(),
             to_size(made.database_bytes), count(made.uploads, "upload"), took.count(), removed);
}

void command::restore(const Settings& settings, const std::filesystem::path& file) {
  require_sqlite(settings, "pg_restore");
  MadePast past;
  ShownProgress shown;
  const Restored restored = actiond::restore(
      file, places_of(settings), schema_of(settings.site),
      [&past](Transaction& tx) { past = make_past(tx); }, current_time(), shown.watch());
  shown.end();
  fmt::print(
      "{}: restored from {}, {}; {} and {} ended; {}\n", settings.database.string(), file.string(),
      restored.uploads ? count(*restored.uploads, "upload") + " put back"
                       : "without uploads, since there is no " + uploads_of(file).string(),
      count(past.ended_sessions, "session"), count(past.ended_tokens, "token"),
      restored.former ? "what was there is " + restored.former->string() : "nothing was there");
  if (past.parked_mails > 0)
    fmt::print(
        "{} unsent: see {}, then release or drop each\n",
        past.parked_mails == 1 ? "1 mail is" : fmt::format("{} mails are", past.parked_mails),
        in_shell("mail list"));
}

}  // namespace actiond
