#include "sqlite/backup.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/file_lock.h"
#include "files/durable.h"
#include "sqlite/connection.h"
#include "sqlite/sound_copy.h"

namespace actiond {
namespace {

namespace fs = std::filesystem;

// Where a backup is made.  Its lock tells one that is being made from one that was killed.
class Workplace {
 public:
  explicit Workplace(const fs::path& folder)
      : path_(folder / ".actiond-backup"),
        lock_(open_file(make(path_), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)) {
    struct stat status {};
    if (fstat(lock_.get(), &status) != 0 || status.st_uid != geteuid())
      throw std::runtime_error(path_.string() + " belongs to somebody else");
    if (flock(lock_.get(), LOCK_EX | LOCK_NB) != 0)
      throw std::runtime_error("another backup is being made in " + folder.string());
    for (const auto& left_over : fs::directory_iterator(path_)) fs::remove_all(left_over);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  static const fs::path& make(const fs::path& path) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
      throw std::system_error(errno, std::generic_category(),
                              "no backup can be made in " + path.parent_path().string());
    return path;
  }

  fs::path path_;
  Descriptor lock_;
};

// The uploads of one moment, in a folder of their own.  A kept file has a name that nothing else
// ever has, and is never changed: one that was copied once is copied for good.
class UploadsCopy {
 public:
  UploadsCopy(const fs::path& from, const fs::path& into, const CopyWatch& watch)
      : from_(from), into_(into), watch_(watch) {
    fs::create_directory(into);
  }

  void copy_present() {
    each_missing([&](const fs::path& file) {
      // One that its row let go of in this moment.
      std::error_code gone;
      try {
        link_or_copy_file(file, into_ / file.filename());
        watch_("uploads", ++copied_, 0);
      } catch (const std::system_error&) {
        if (fs::exists(file, gone)) throw;
      }
    });
  }
  // Fixes the uploads of the copy: later ones are not part of it, and those removed later are.
  void hold_missing() {
    each_missing([&](const fs::path& file) {
      held_.emplace_back(file.filename(), open_file(file, O_RDONLY | O_NOFOLLOW));
    });
  }
  std::size_t finish() {
    for (const auto& [name, file] : held_) copy_file(file, into_ / name);
    sync_folder(into_);
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(into_), fs::directory_iterator()));
  }

 private:
  template <class Visit>
  void each_missing(Visit visit) const {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(from_, none))
      if (fs::is_regular_file(entry.symlink_status(none)) &&
          !fs::exists(into_ / entry.path().filename()))
        visit(entry.path());
    if (none && none != std::errc::no_such_file_or_directory)
      throw std::system_error(none, from_.string());
  }

  fs::path from_, into_;
  const CopyWatch& watch_;
  std::uintmax_t copied_ = 0;
  std::vector<std::pair<std::string, Descriptor>> held_;
};

void refuse_existing(const fs::path& path) {
  if (fs::symlink_status(path).type() != fs::file_type::not_found)
    throw std::runtime_error(path.string() + " is there already, and no backup is ever replaced");
}

// rename(2), but for replacing what came there meanwhile.
void rename_to_free(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EINVAL) return fs::rename(from, to);  // a disk that knows no such thing
  throw std::system_error(errno, std::generic_category(), to.string());
}

constexpr const char* dated_form = "actiond-%Y%m%dT%H%M%SZ.db";

}  // namespace

fs::path uploads_of(const fs::path& backup) { return backup.string() + ".uploads"; }

BackupMade back_up(const DataPlaces& data, const fs::path& target,
                   const std::function<void(Transaction&)>& change, const CopyWatch& watch) {
  const fs::path final_place = fs::absolute(target).lexically_normal();
  if (!final_place.has_filename()) throw std::runtime_error(target.string() + " is a folder");
  const fs::path final_uploads = uploads_of(final_place);
  refuse_existing(final_place);
  refuse_existing(final_uploads);

  Connection live(data.database, Connection::Use::Read);
  const Workplace workplace(final_place.parent_path());
  const fs::path copy = workplace.path() / "database";
  UploadsCopy uploads(data.uploads, workplace.path() / "uploads", watch);
  uploads.copy_present();
  {
    FileLock lock(lock_path(data.database));
    lock.lock(lock_byte::write_lock);
    live.step("BEGIN");
    live.row<int>("PRAGMA user_version");  // the transaction begins with its first read
    uploads.hold_missing();
  }
  make_sound_copy(live, copy, change, watch);
  live.step("COMMIT");
  const BackupMade made{fs::file_size(copy), uploads.finish()};

  fs::rename(workplace.path() / "uploads", final_uploads);
  try {
    rename_to_free(copy, final_place);
    sync_folder(final_place.parent_path());
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(final_uploads, ignored);
    throw;
  }
  return made;
}

fs::path dated_backup(const fs::path& folder, Time now) {
  const std::time_t seconds = now.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> name;
  name[std::strftime(name.data(), name.size(), dated_form, &utc)] = '\0';
  return folder / name.data();
}

std::vector<DatedBackup> dated_backups(const fs::path& folder) {
  std::vector<DatedBackup> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename();
    std::tm utc{};
    const char* end = strptime(name.c_str(), dated_form, &utc);
    if (end == nullptr || *end != '\0') continue;
    found.push_back({entry.path(), Time(std::chrono::seconds(timegm(&utc)))});
  }
  std::sort(found.begin(), found.end(),
            [](const DatedBackup& a, const DatedBackup& b) { return a.made < b.made; });
  return found;
}

std::size_t prune_backups(const fs::path& folder, std::size_t keep, const fs::path& made,
                          Time now) {
  std::vector<DatedBackup> former = dated_backups(folder);
  const auto is_made = [&](const DatedBackup& each) {
    std::error_code gone;
    return fs::equivalent(each.path, made, gone);
  };
  const std::size_t others = keep - (std::ranges::any_of(former, is_made) ? 1 : 0);
  std::erase_if(former, [&](const DatedBackup& each) { return each.made > now || is_made(each); });
  const std::size_t old = former.size() - std::min(former.size(), others);
  for (std::size_t at = 0; at < old; ++at) {
    fs::remove(former[at].path);
    fs::remove_all(uploads_of(former[at].path));
  }
  return old;
}

}  // namespace actiond
