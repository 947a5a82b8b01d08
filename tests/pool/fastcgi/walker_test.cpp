#include "pool/fastcgi/walker.h"

#include <doctest/doctest.h>

#include <string>

#include "served/fastcgi.h"

using namespace actiond;
namespace fcgi = actiond::http::fastcgi;

namespace {

const std::string pairs = fcgi::pair("A", "1") + fcgi::pair("EMPTY", "");
const std::string whole_head = fcgi::begin_request(true) + fcgi::record(fcgi::parameters, pairs) +
                               fcgi::record(fcgi::parameters, "");

bool is_taken(std::string_view bytes) { return RequestWalker().walk(bytes); }

bool takes_pairs(const std::string& content) {
  return is_taken(fcgi::begin_request() + fcgi::record(fcgi::parameters, content) +
                  fcgi::record(fcgi::parameters, ""));
}

}  // namespace

TEST_CASE("a request is found whole, whatever pieces it comes in") {
  std::string padded = fcgi::record(fcgi::input, "message=");
  padded[6] = 3;
  const std::string bytes =
      whole_head + padded + "???" + fcgi::record(fcgi::input, "hi") + fcgi::record(fcgi::input, "");
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    RequestWalker walker;
    CHECK_FALSE(walker.has_begun());
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      CHECK_FALSE(walker.is_whole());
      REQUIRE(walker.walk(std::string_view(bytes).substr(at, piece)));
      CHECK(walker.has_begun());
    }
    CHECK(walker.has_parameters());
    CHECK(walker.is_whole());
    CHECK(walker.keeps_connection());
    CHECK(walker.body_bytes() == 10);
    walker.clear();
    CHECK_FALSE(walker.has_begun());
  }
}

TEST_CASE("S15 records that no web server sends are refused") {
  const auto with = [](std::string bytes, std::size_t at, char value) {
    bytes[at] = value;
    return bytes;
  };
  const std::string whole = whole_head + fcgi::record(fcgi::input, "");
  CHECK(is_taken(whole_head));
  CHECK(is_taken(whole));
  CHECK_FALSE(is_taken(with(whole_head, 0, 2)));                      // version
  CHECK_FALSE(is_taken(with(whole_head, 6, 1)));                      // padded beginning
  CHECK_FALSE(is_taken(with(whole_head, whole_head.size() - 2, 1)));  // padded end of parameters
  CHECK_FALSE(is_taken(whole_head + with(fcgi::record(fcgi::input, ""), 6, 1)));
  CHECK_FALSE(is_taken(with(whole_head, 1, 9)));                 // FCGI_GET_VALUES
  CHECK_FALSE(is_taken(with(whole_head, 3, 0)));                 // the null request
  CHECK_FALSE(is_taken(with(whole_head, 9, 2)));                 // the role of an authorizer
  CHECK_FALSE(is_taken(fcgi::record(fcgi::parameters, pairs)));  // before its beginning
  CHECK_FALSE(is_taken(whole_head + fcgi::begin_request()));     // two at a time
  CHECK_FALSE(is_taken(whole_head + fcgi::record(fcgi::parameters, pairs)));  // after their end
  CHECK_FALSE(
      is_taken(whole_head + with(fcgi::record(fcgi::input, "x"), 3, 2)));  // of another request
  CHECK_FALSE(is_taken(whole_head + fcgi::record(fcgi::abort, "")));
  CHECK_FALSE(is_taken(whole + fcgi::record(fcgi::input, "x")));
  CHECK_FALSE(is_taken(whole + fcgi::begin_request()));  // the next one, before an answer
  CHECK_FALSE(is_taken(fcgi::record(fcgi::begin, "short")));
}

TEST_CASE("S15 name-value pairs end where their lengths say, section 3.4") {
  const std::string long_value(300, 'v');
  CHECK(takes_pairs(fcgi::pair("A", "1") + fcgi::pair("", "x") + fcgi::pair("", "")));
  CHECK(takes_pairs(fcgi::pair("A", long_value) + fcgi::pair(long_value, "")));
  for (const std::string& wrong : {
           std::string("\x05"),
           std::string("\x05\x01"
                       "abc"),
           std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                       "a"),
           std::string("\x80\x00", 2),
           std::string("\x01\x7F"
                       "Ab"),
           fcgi::pair("A=B", "1"),
           fcgi::pair("A", std::string("1\0", 2)),
           fcgi::pair(std::string("A\0", 2), "1"),
       })
    CHECK_FALSE(takes_pairs(wrong));
}

TEST_CASE("S15 parameters are limited, whatever the lengths in them say") {
  const auto begun = [] {
    RequestWalker walker;
    REQUIRE(walker.walk(fcgi::begin_request()));
    return walker;
  };
  const std::string much = fcgi::record(fcgi::parameters, std::string(32 * 1024, '\0'));
  RequestWalker many = begun();
  CHECK(many.walk(much));
  CHECK(many.walk(much));
  CHECK_FALSE(many.walk(fcgi::record(fcgi::parameters, "x")));
  RequestWalker one = begun();
  CHECK_FALSE(one.walk(fcgi::record(fcgi::parameters, std::string("\x81\x00\x00\x00", 4))));
}
