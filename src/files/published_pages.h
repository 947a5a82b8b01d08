// The pages that have frames (page/frame.h), whole, in a folder of their own.  nginx looks there
// first and in the static root afterwards.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "files/stamp.h"

namespace actiond {

// Why pages are never published there: the folder holds something else.
std::optional<std::string> unpublishable(const std::filesystem::path& folder);

// Not for several threads.
class PublishedPages {
 public:
  // `folder` is made when it is missing.  Afterwards all else in it is removed; one that held
  // something before is left alone.
  PublishedPages(std::filesystem::path static_root, std::filesystem::path folder)
      : root_(std::move(static_root)), folder_(std::move(folder)) {}

  // Writes each page that changed, under another name first, and removes those that have no frames
  // any more.  When no file below the static root changed since the last call, it only looks.  A
  // page whose frames do not fit stays as it was published last; what cannot be written is tried
  // again at the next call.  Either is logged once.
  void bring_up_to_date();

 private:
  void publish() const;

  const std::filesystem::path root_;
  const std::filesystem::path folder_;
  std::map<std::filesystem::path, Stamp> seen_;  // of the pages and frames below the root
  std::string failure_;                          // the last one, if there was one
};

}  // namespace actiond
