// The pattern of a control is judged as a browser judges it, in linear time.
#include "forms/pattern.h"

#include <doctest/doctest.h>

#include <string>

namespace actiond {
namespace {

struct Judged {
  const char* pattern;
  std::string value;
  bool matches;
};

TEST_CASE("a pattern has to match the whole value") {
  for (const auto& [pattern, value, matches] : {
           Judged{"[0-9]{5}", "01234", true},
           {"[0-9]{5}", "012345", false},
           {"a|b", "a", true},
           {"a|b", "ab", false},
           {"(?<year>\\d{4})-\\d\\d", "2027-01", true},
           {"\\d+", "٣", false},
           {"\\w+", "ä", false},
           {"\\p{L}+", "äß", true},
           {"\\p{Script=Greek}+", "αβ", true},
           {"\\s", "\u00a0", true},
           {"[\\s]", "\u3000", true},
           {"\\S+", "a\u2003b", false},
           {".", "😀", true},
           {".", "\u2028", false},
           {"\\u00e4", "ä", true},
           {"\\u{1F600}", "😀", true},
           {"\\x41", "A", true},
           {"[\\-\\.a]+", "a-.", true},
           {"^a$", "a", true},
           {"", "", true},
           {"", "a", false},
           {"\\cA[\\cb]", "\x01\x02", true},
       }) {
    CAPTURE(pattern);
    CAPTURE(value);
    CHECK(Pattern(pattern).matches(value) == matches);
  }
}

TEST_CASE("a pattern that a backtracking engine needs years for takes no time") {
  const std::string value = std::string(5000, 'a') + "!";
  for (const char* pattern : {"(a+)+", "(a|a)*", "(a*)*b", "([a-z]+)*x"})
    CHECK(!Pattern(pattern).matches(value));
}

TEST_CASE("a pattern that cannot be judged as a browser judges it is refused with a reason") {
  for (const auto& [pattern, reason] : std::initializer_list<std::pair<const char*, const char*>>{
           {"(?=a)b", "looks ahead or back"},
           {"(?<!a)b", "looks ahead or back"},
           {"(?i)a", "changes flags"},
           {"(a)\\1", "refers back"},
           {"(?<x>a)\\k<x>", "refers back"},
           {"[a-z", "without its ]"},
           {"(a", "none for RE2"},
           {"a{2000}", "none for RE2"},
           {"(((a{100}){100}){100})", "none for RE2"},
           {"[\\w.-]+", "has a - in a class"},
           {"[(]", "has a ( in a class"},
           {"[a--b]", "intersects classes, which RE2 does not know"},
           {"[\\w&&\\d]", "intersects classes, which RE2 does not know"},
           {"[a&&&b]", "classes"},
           {"[a!!b]", "has !! in a class, so browsers ignore it"},
           {"\\c1", "has a \\c without its letter, so browsers ignore it"},
           {"[[:alpha:]]", "a class in a class"},
           {"[]", "empty class"},
           {"\\-", "has a \\-"},
           {"\\A", "has a \\A"},
           {"\\Qx\\E", "has a \\Q"},
           {"\\", "ends with a \\"},
           {"\\u12", "without its code"},
           {"\\p{Greek}", "are known"},
           {"x{", "counts nothing"},
           {"x}", "has a } alone"},
           {"a**", "none for RE2"},
       }) {
    CAPTURE(pattern);
    try {
      const Pattern taken(pattern);
      FAIL("was taken");
    } catch (const WrongPattern& wrong) {
      CHECK(std::string(wrong.what()).find(reason) != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace actiond
