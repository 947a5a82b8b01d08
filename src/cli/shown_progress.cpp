#include "cli/shown_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace actiond {
namespace {

constexpr std::string_view empty_line = "\r\x1b[K";

void write_line(std::string_view text) {
  fmt::print(stderr, "{}{}", empty_line, text);
  std::fflush(stderr);
}

}  // namespace

ShownProgress::ShownProgress() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void ShownProgress::end() {
  if (has_shown_) write_line("");
  has_shown_ = false;
}

void ShownProgress::show(std::string_view part, std::uintmax_t done, std::uintmax_t all) {
  const auto now = std::chrono::steady_clock::now();
  if (!is_terminal_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  has_shown_ = true;
  if (all > 0)
    write_line(fmt::format("{}: {} %", part, 100 * done / all));
  else
    write_line(done > 0 ? fmt::format("{}: {}", part, done) : fmt::format("{} …", part));
}

}  // namespace actiond
