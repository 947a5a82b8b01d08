// The files that a control takes by its `accept`, HTML section 4.10.5.1.17.  A browser only offers
// those first; here others are refused: by their content where that tells the type, else by the end
// of their name.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/file.h"

namespace actiond {

// The first part of an `accept` that is neither the end of a name, as ".png", nor a media type, as
// "image/png"; empty when there is none.  A browser ignores it.
std::string_view unknown_part(std::string_view accept);

class AcceptedFiles {
 public:
  // `accept` as its author wrote it; what is empty takes every file.
  explicit AcceptedFiles(std::string_view accept = "");

  bool take(const File& file) const;
  // The last part of which neither a content nor a name tells; empty when there is none.
  const std::string& unknown() const { return unknown_; }

  // The types that a content tells, when no other file is taken; else none.
  std::vector<std::string_view> types() const;
  const std::string& text() const { return text_; }
  bool takes_any() const { return takes_any_; }
  // The types and the ends of names, however they were asked for; none for all.
  std::set<std::string_view> kinds() const;

 private:
  bool take_told(std::string_view part);
  bool take_named(std::string_view part);

  std::string text_;  // ".pdf, .docx"
  std::string unknown_;
  std::vector<std::string_view> types_;  // that a content tells
  std::vector<std::string> ends_;        // of names: ".docx"
  bool takes_any_ = false;
};

}  // namespace actiond
