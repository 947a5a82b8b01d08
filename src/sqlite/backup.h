// A copy of the data of one moment, made while others write, and the way back.
//
// A backup is two things side by side: FILE, a database without a log beside it, and the folder
// FILE.uploads with every file that a row of it can name.  Both are made in a hidden folder next to
// where they belong, checked, synced, and only then get their names, FILE last: what has its name
// is whole.  A backup that is killed leaves the hidden folder, which the next one there removes.
//
// The data is read in one SQLite transaction, which holds up nobody: writers go on, and only the
// log of a busy site grows meanwhile.  The write lock is held for as long as it takes to open the
// files that were uploaded since their copying began, so that rows and files are of one moment.  No
// checkpoint is made.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "data/schema.h"
#include "data/store.h"

namespace actiond {

// Where the data of a site is.
struct DataPlaces {
  std::filesystem::path database;
  std::filesystem::path uploads;
};

// "FILE.uploads"
std::filesystem::path uploads_of(const std::filesystem::path& backup);

// Told of how much of a part is done, of all of it where that is known, else of 0.
using CopyWatch =
    std::function<void(std::string_view part, std::uintmax_t done, std::uintmax_t all)>;
inline void watch_nothing(std::string_view, std::uintmax_t, std::uintmax_t) {}

struct BackupMade {
  std::uintmax_t database_bytes;
  std::size_t uploads;
};

// Makes the backup `target`, to which `change` is applied.  Throws, with the reason and nothing
// left behind, when `target` or its folder of uploads is there already, cannot be written, or the
// copy is not sound.
BackupMade back_up(const DataPlaces& data, const std::filesystem::path& target,
                   const std::function<void(Transaction&)>& change,
                   const CopyWatch& watch = watch_nothing);

struct Restored {
  std::optional<std::filesystem::path> former;  // where the database that was there is kept now
  std::optional<std::size_t> uploads;  // put back; nothing: the backup has no folder of them
};

// Puts the backup in the place of the data.  `change` is applied to it first.  The database that
// was there is kept under another name; uploads that are there stay, missing ones are added.
// Throws, with everything as it was, while a server or anybody else uses the database, and when the
// backup is not sound, newer than `schema`, or lacks a table or column that they make.
Restored restore(const std::filesystem::path& backup, const DataPlaces& data, const Schema& schema,
                 const std::function<void(Transaction&)>& change, Time now,
                 const CopyWatch& watch = watch_nothing);

// The backups that have a name made of a moment, in `folder`: the oldest first.
struct DatedBackup {
  std::filesystem::path path;
  Time made;
};
std::filesystem::path dated_backup(const std::filesystem::path& folder, Time now);
std::vector<DatedBackup> dated_backups(const std::filesystem::path& folder);
// Removes all but the newest `keep` of them, one at least, and returns the number of those removed.
// `made`, the backup made just now, is the newest if it is one of them, whatever moment its name
// says; names from the future are neither counted nor removed, since the clock was wrong when they
// were given or is wrong now.
std::size_t prune_backups(const std::filesystem::path& folder, std::size_t keep,
                          const std::filesystem::path& made, Time now);

}  // namespace actiond
