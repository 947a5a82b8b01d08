// The changes that one transaction makes to the kept files.  They follow the data: a file has its
// name before the commit that may make a row name it, and loses it when that commit does not come;
// one that is discarded loses it after the commit.  A crash in between leaves a file that no row
// names, never a row that names no file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/file.h"
#include "files/upload_folder.h"

namespace actiond {

// Whether `keep` may have given that name.
bool is_kept_name(std::string_view name);

class KeptFiles {
 public:
  // Without a folder nothing can be kept or discarded.
  explicit KeptFiles(const UploadFolder* folder) : folder_(folder) {}
  KeptFiles(const KeptFiles&) = delete;
  KeptFiles& operator=(const KeptFiles&) = delete;
  // Removes what was discarded, or, when no commit came, what was kept.
  ~KeptFiles();

  // Bytes that were kept before and undone get the name that they had: a file loses its only name
  // for good (linkat(2), of O_TMPFILE), and a transaction may run again.
  std::string keep(const File& file);
  // Throws std::invalid_argument for a name that `keep` cannot have given.
  void discard(std::string_view name);

  bool has_kept() const;
  void undo() noexcept;
  void commit() noexcept { committed_ = true; }
  // Leaves all files as they are: nobody knows whether the commit came.
  void leave() noexcept {
    kept_.clear();
    discarded_.clear();
  }

 private:
  const UploadFolder& folder() const;

  struct Kept {
    std::shared_ptr<FileBytes> bytes;
    std::string name;
    bool is_undone;
  };

  const UploadFolder* folder_;
  std::vector<Kept> kept_;
  std::vector<std::string> discarded_;
  bool committed_ = false;
};

}  // namespace actiond
