// Text that may stand in a header of a mail.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace actiond {

// UTF-8 without a control character, so that it ends no line and begins no header.
class HeaderText {
 public:
  static std::optional<HeaderText> parse(std::string_view text);

  const std::string& text() const { return text_; }
  // As it is when that is short ASCII; else as encoded words of RFC 2047, folded.
  std::string encoded() const;

 private:
  explicit HeaderText(std::string_view text) : text_(text) {}

  std::string text_;
};

}  // namespace actiond
