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
           {"[a-z0-9\\-_]+", "a-_", true},
           {"[+\\--9]", ".", true},
           {"[ä-ö]", "é", true},
           {"[\\b-a]", "A", true},
           {"\\ud83d\\ude00", "😀", true},
           {"[\\ud83d\\ude00-\\ud83d\\ude02]", "😁", true},
           {"\\ud83d", "😀", false},
           {"a{02}", "aa", true},
           {"a{02}", "a{02}", false},
           {"a{0,010}?", "aaaaaaaaaa", true},
           {"\\p{C}", "\u0378", true},
           {"\\P{C}", "\u0378", false},
           {"[\\P{C}]", "a", true},
           {"\\p{sc=Yi}", "ꀀ", true},
           {"(?:)*a", "a", true},
           {"^(?:^a|b$)+$", "ab", true},
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
           {"a**", "has a * that repeats nothing, so browsers ignore it"},
           {"a{2}{3}", "has a { that repeats nothing, so browsers ignore it"},
           {"^*a", "has a * that repeats nothing"},
           {"a$+", "has a + that repeats nothing"},
           {"\\b?a", "has a ? that repeats nothing"},
           {"a\\B{2}", "has a { that repeats nothing"},
           {"*a", "has a * that repeats nothing"},
           {"a|+", "has a + that repeats nothing"},
           {"(?:?a)", "has a ? that repeats nothing"},
           {"a+??", "has a ? that repeats nothing"},
           {"a{100000000}", "more than 1,000 times"},
           {"[A-Za-z0-9-_]+", "has a - in a class without a \\ before it, so browsers ignore it"},
           {"[a-z-9]+", "has a - in a class"},
           {"[\\w-.]+", "has a - in a class"},
           {"[\\s-a]", "has a - in a class"},
           {"[\\p{L}-z]", "has a - in a class"},
           {"[ä-ö-z]", "has a - in a class"},
           {"[-a]", "has a - in a class"},
           {"[a-]", "has a - in a class"},
           {"[a-\\d]", "ends with no character, so browsers ignore it"},
           {"[\\q{ab}]", "has texts in a class, which RE2 does not know"},
           {"[\\p{C}]", "has a \\p{C} in a class"},
           {"\\p{Yi}", "are known"},
           {"\\p{^L}", "are known"},
           {"\\p{sc=Lu}", "are known"},
           {"\\p{Script=Any}", "are known"},
           {"(?<1>a)", "begins with a digit, so browsers ignore it"},
           {"(?<x>a(?<x>b))", "two groups of one name"},
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
