#include "forms/body_window.h"

#include <cstring>

namespace actiond {

std::string_view BodyWindow::look(std::size_t count) {
  if (end_ - begin_ < count && !ended_) {
    // As much as fits is read, so that bytes are moved once a window and not once a look.
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    while (end_ < buffer_.size() && !ended_) {
      const std::size_t read = source_(buffer_.data() + end_, buffer_.size() - end_);
      ended_ = read == 0;
      end_ += read;
    }
  }
  return std::string_view(buffer_).substr(begin_, end_ - begin_);
}

}  // namespace actiond
