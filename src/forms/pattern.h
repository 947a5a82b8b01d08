// The `pattern` of a control, HTML section 4.10.5.3.6: a regular expression of JavaScript that the
// whole value has to match.  RE2 matches it in time linear in the value, whatever its author wrote.
#pragma once

#include <memory>
#include <stdexcept>
#include <string_view>

namespace re2 {
class RE2;
}

namespace actiond {

// Says what of a pattern cannot be judged here as a browser judges it.
struct WrongPattern : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// Immutable: any number of threads may match.
class Pattern {
 public:
  // Throws WrongPattern for what RE2 lacks (lookaround, back-references, a repetition of more than
  // 1,000), and for what a browser refuses, which then ignores the attribute: its expressions have
  // the flag `v`.
  explicit Pattern(std::string_view written);

  // `value` is UTF-8.
  bool matches(std::string_view value) const;

 private:
  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace actiond
