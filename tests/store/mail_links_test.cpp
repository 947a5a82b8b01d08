#include "store/mail_links.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

#include "store/tables.h"

namespace actiond {
namespace {

TEST_CASE("digits are six, and any of them") {
  test::Tables tables;
  std::set<std::string> codes;
  std::array<std::array<int, 10>, 6> seen{};
  tables.write([&](Transaction& tx) {
    for (int at = 0; at < 400; ++at) {
      const SignInLink made = make_sign_in_link(tx, "ada@example.com", std::nullopt, "", test::now);
      REQUIRE(made.code.size() == 6);
      CHECK(std::ranges::all_of(made.code, [](char c) { return c >= '0' && c <= '9'; }));
      codes.insert(made.code);
      for (std::size_t place = 0; place < 6; ++place)
        ++seen.at(place).at(static_cast<std::size_t>(made.code[place] - '0'));
    }
  });
  CHECK(codes.size() > 395);
  for (const auto& place : seen) CHECK(*std::ranges::min_element(place) > 0);
}

}  // namespace
}  // namespace actiond
