// The texts that visitors see, by language.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/message.h"

namespace actiond {

// The text of each name.
using Texts = std::map<std::string, std::string, std::less<>>;

// One language.  Immutable: any number of threads may ask.
class Words {
 public:
  // conf/messages/en.toml as it was when the program was built.
  static const Words& english();

  // `texts` in place of those of `fallback` that have the same name.  `tag`: BCP 47.
  Words(std::string tag, Texts texts, const Words& fallback);

  // The text that `message` names, with its values filled in.
  std::string say(const Message& message) const;

  const std::string& tag() const { return tag_; }
  const Texts& texts() const { return texts_; }

 private:
  explicit Words(Texts texts) : tag_("en"), texts_(std::move(texts)) {}

  std::string tag_;
  Texts texts_;
};

// The languages of a site.
class Languages {
 public:
  // English alone.
  Languages() : Languages(std::map<std::string, Texts>()) {}
  // `texts` by language tag in small letters, "de" or "de-at".  What "de-at" lacks is taken from
  // "de", what that lacks from the site's English, and what that lacks from the built-in one.
  explicit Languages(const std::map<std::string, Texts>& texts);

  // Of a page: `tag` is its `lang` (BCP 47), of which "de-AT" falls back to "de" and then to
  // English (RFC 4647 section 3.4).
  const Words& of(std::string_view tag) const;

 private:
  std::map<std::string, Words, std::less<>> words_;
};

// For an operator, a log and tests.
inline std::string in_english(const Message& message) { return Words::english().say(message); }

}  // namespace actiond
