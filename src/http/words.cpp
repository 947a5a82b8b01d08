#include "http/words.h"

#include <algorithm>
#include <iterator>

#include "base/encoding.h"
#include "http/english.h"

namespace actiond {
namespace {

Texts merged(Texts texts, const Texts& fallback) {
  texts.insert(fallback.begin(), fallback.end());
  return texts;
}

}  // namespace

const Words& Words::english() {
  static const Words words(Texts(std::begin(english_texts), std::end(english_texts)));
  return words;
}

Words::Words(std::string tag, Texts texts, const Words& fallback)
    : tag_(std::move(tag)), texts_(merged(std::move(texts), fallback.texts_)) {}

std::string Words::say(const Message& message) const {
  const auto found = texts_.find(message.name);
  const std::string_view text = found == texts_.end() ? message.name : found->second;
  if (message.values.empty()) return std::string(text);
  std::string said;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    said.append(rest.substr(0, open));
    rest.remove_prefix(open);
    const auto value = std::ranges::find_if(message.values, [rest](const auto& one) {
      return rest.starts_with("{" + one.first + "}");
    });
    const bool is_placeholder = value != message.values.end();
    said.append(is_placeholder ? value->second : rest.substr(0, 1));
    rest.remove_prefix(std::min(is_placeholder ? value->first.size() + 2 : 1, rest.size()));
  }
  return said;
}

Languages::Languages(const std::map<std::string, Texts>& texts) {
  const auto own = texts.find("en");
  words_.emplace("en", Words("en", own == texts.end() ? Texts() : own->second, Words::english()));
  // A wider tag is less than the narrower ones, so it is there before them.
  for (const auto& [tag, of_tag] : texts) words_.emplace(tag, Words(tag, of_tag, of(tag)));
}

const Words& Languages::of(std::string_view tag) const {
  const std::string lower = to_lower(tag);
  for (std::string_view range = lower; !range.empty();) {
    const auto found = words_.find(range);
    if (found != words_.end()) return found->second;
    const std::size_t hyphen = range.rfind('-');
    range = range.substr(0, hyphen == range.npos ? 0 : hyphen);
  }
  return words_.find("en")->second;
}

}  // namespace actiond
