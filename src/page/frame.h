// Frames: the parts that pages share, such as the navigation.  `<!-- frame: NAME -->` stands for
// the text of the frame NAME, [a-z0-9-]+, in a page and in another frame.  The comment is found as
// text, wherever it stands.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace actiond {

// Below the static root: the frame NAME is frame/NAME.html, and of a page in German
// (<html lang="de">, or "de-AT") frame/de/NAME.html if there is one.
inline constexpr std::string_view frame_folder = "frame/";
inline constexpr std::size_t max_frame_bytes = 64 * 1024;

// The text of that file below the static root; nothing when there is none that can be read.
using FrameReader = std::function<std::optional<std::string>(const std::string& file)>;

// Where a line of a whole page was written.
struct SourceLine {
  std::string frame;  // its file below the static root; empty: the page itself
  std::size_t line;
};

struct WholePage {
  std::string html;
  std::vector<SourceLine> lines;  // of each line of `html`
  bool has_frames = false;
};

// A frame that does not fit into its page.
class FrameFault : public std::runtime_error {
 public:
  FrameFault(std::size_t line_of_page, const std::string& what, std::string how_to_mend)
      : std::runtime_error(what), line(line_of_page), mend(std::move(how_to_mend)) {}

  std::size_t line;  // of the comment in the page, also when another frame is at fault
  std::string mend;
};

// Whether frames are still to be put into it.
bool has_frames(std::string_view html);

// The page at `path`, "/docs/intro.html", with the text of its frames.  A link of a frame that
// leads to this page gets aria-current="page", unless it has an aria-current: the page is also at
// its path without "index.html", and /NAME.html at /actions/NAME.
//
// Throws FrameFault for a frame that is missing, that holds itself, directly or by way of others,
// that has more than 64 KiB or is not UTF-8; for a comment that names none; and when the whole is
// no page (page/html_tree.h) or holds more than 1,000 frames.
WholePage with_frames(std::string_view html, std::string_view path, const FrameReader& read);

}  // namespace actiond
