// The site's static pages, parsed once and again when their file, or that of a frame of theirs
// (page/frame.h), changes.  Whether one did is looked at ten times a second at the most.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/thread_annotations.h"
#include "files/stamp.h"
#include "page/frame.h"
#include "page/page.h"

namespace actiond {

// All pages below a static root, by their path there, "docs/intro.html".
struct SitePages {
  std::map<std::string, WholePage, std::less<>> pages;
  // Those whose frames do not fit, which are not in `pages`.
  std::map<std::string, FrameFault, std::less<>> faults;
  std::vector<std::string> circles;  // as PageFiles has them
  std::vector<std::string> strays;   // of these, what has a form for an action
};

// By their paths below a static root.
struct PageFiles {
  std::vector<std::string> names;    // of pages and frames: *.html
  std::vector<std::string> circles;  // links to a folder above them, into which nobody went
  std::vector<std::string> strays;   // what nginx serves as a page, and is none: *.htm, *.HTML
};

// Without what begins with a dot.  A folder that cannot be read has none.
PageFiles page_files(const std::filesystem::path& root);

// Throws std::runtime_error for a page that cannot be read.
SitePages read_pages(const std::filesystem::path& root);

class Pages {
 public:
  using Clock = std::chrono::steady_clock;

  // `origins` are those of the site: a form may name its action with one of them.  `published`: see
  // files/published_pages.h.  `linked_hosts`: see PageAddress.
  explicit Pages(std::filesystem::path root, const std::vector<std::string>& origins = {},
                 std::filesystem::path published = {}, std::vector<std::string> linked_hosts = {},
                 std::function<Clock::time_point()> clock = Clock::now);

  // Throws std::runtime_error when there is no such page below the root, or one that is too large
  // or nests too deep (page/page.h): names that are none take no memory.  When its frames do not
  // fit, the page is answered as it was read or published last, until they do, and the reason is
  // logged once; throws FrameFault when it never was.
  std::shared_ptr<const Page> find(std::string_view name);

 private:
  struct Entry {
    std::map<std::string, Stamp>
        stamps;  // of its file and its frames, by their path below the root
    std::shared_ptr<const Page> page;
    Clock::time_point looked_at;
  };
  Entry read(std::string_view name, const std::shared_ptr<const Page>& last) const;
  std::shared_ptr<const Page> parsed(std::string html, std::string_view name) const;

  const std::filesystem::path root_, published_;
  std::vector<std::string> hosts_;
  const std::vector<std::string> linked_hosts_;
  const std::function<Clock::time_point()> clock_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<const Entry>, std::less<>> entries_ GUARDED_BY(mutex_);
};

}  // namespace actiond
