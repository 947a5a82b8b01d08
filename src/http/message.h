// A message to a visitor: the name of a text in conf/messages/, or the text itself, and the values
// for its placeholders.  The language is chosen where it is said: http/words.h.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actiond {

struct Message {
  // By placeholder; shown as they are.
  using Values = std::vector<std::pair<std::string, std::string>>;

  Message() = default;
  // A text is a message, wherever one is wanted.
  Message(std::string text) : name(std::move(text)) {}
  Message(std::string_view text) : name(text) {}
  Message(const char* text) : name(text) {}
  Message(std::string_view text, Values values) : name(text), values(std::move(values)) {}

  bool operator==(const Message&) const = default;

  std::string name;  // a text that is no name is shown as it is
  Values values = {};
};

}  // namespace actiond
