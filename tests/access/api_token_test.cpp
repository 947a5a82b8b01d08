#include "access/api_token.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

namespace actiond {
namespace {

constexpr std::string_view letters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

TEST_CASE("a token is a prefix, thirty letters and six that check them, and never the same") {
  std::set<std::string> made, ends;
  for (int at = 0; at < 1000; ++at) {
    const std::string token = new_api_token();
    CHECK(token.size() == 41);
    CHECK(token.starts_with("actd_"));
    CHECK(token.find_first_not_of(letters, 5) == token.npos);
    CHECK(hash_of_api_token(token)->bytes.size() == 32);
    made.insert(token);
    ends.insert(token.substr(35));
  }
  CHECK(made.size() == 1000);
  CHECK(ends.size() > 990);
}

TEST_CASE("a token with one letter changed, taken or added is none") {
  const std::string token = new_api_token();
  for (std::size_t at = 0; at < token.size(); ++at) {
    CAPTURE(at);
    int passed = 0;
    for (const char letter : letters) {
      std::string wrong = token;
      wrong[at] = letter;
      if (wrong != token && hash_of_api_token(wrong)) ++passed;
    }
    CHECK(passed == 0);
    CHECK_FALSE(hash_of_api_token(std::string(token).erase(at, 1)));
    CHECK_FALSE(hash_of_api_token(std::string(token).insert(at, "a")));
  }
  CHECK_FALSE(hash_of_api_token(""));
  CHECK_FALSE(hash_of_api_token("actd_"));
}

TEST_CASE("every letter comes as often as any other") {
  std::map<char, int> seen;
  for (int at = 0; at < 2000; ++at)
    for (const char letter : new_api_token().substr(5, 30)) ++seen[letter];
  CHECK(seen.size() == letters.size());
  // 60,000 draws, 968 of each on average: eight standard deviations either way.
  for (const auto& [letter, count] : seen) {
    CHECK(count > 968 - 250);
    CHECK(count < 968 + 250);
  }
}

}  // namespace
}  // namespace actiond
