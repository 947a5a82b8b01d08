#include "http/local_path.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace std::string_literals;

namespace actiond {
namespace {

TEST_CASE("a path of this site is allowed") {
  for (const std::string path :
       {"/", "/actions/author", "/a?b=c&d=%20e", "/a//b", "/a#b", "/x%2Fy", "/%C3%A9", "/%252F",
        "/sign-in.html?next=/actions/order", "/a?next=https://example.com/", "/@evil.example"}) {
    CAPTURE(path);
    CHECK(is_local_path(path));
  }
}

TEST_CASE("a path that some browser takes for another site is forbidden") {
  for (const std::string& path : {""s,
                                  "e"s,
                                  "//e"s,
                                  "///e"s,
                                  "/\\e"s,
                                  "\\\\e"s,
                                  "\\/e"s,
                                  "/a\\b"s,
                                  "https:e"s,
                                  "https://e/"s,
                                  "javascript:alert(1)"s,
                                  "JavaScript:x"s,
                                  "data:text/html,x"s,
                                  " //e"s,
                                  " /e"s,
                                  "?x"s,
                                  "#x"s,
                                  "/\t/e"s,
                                  "/\n/e"s,
                                  "/\r/e"s,
                                  "/ /e"s,
                                  "/\0/e"s,
                                  "/a b"s,
                                  "/a\x7F"s,
                                  "/\xC3\xA9"s,
                                  "/\xE2\x80\xAE"s,
                                  "/%09/e"s,
                                  "/%0a/e"s,
                                  "/%0D%0AX-Evil: 1"s,
                                  "/%00"s,
                                  "/%1F"s,
                                  "/%7F"s,
                                  "/%5Ce"s,
                                  "/%5ce"s,
                                  "/a%5c"s,
                                  "/%2Fe"s,
                                  "/%2fe"s,
                                  "/%"s,
                                  "/%2"s,
                                  "/%zz"s,
                                  "/a%"s}) {
    CAPTURE(path);
    CHECK_FALSE(is_local_path(path));
  }
}

TEST_CASE("P3 a path that stands percent-encoded in an address is decoded once") {
  for (const auto& [text, path] : std::vector<std::pair<std::string, std::string>>{
           {"/docs/intro.html", "/docs/intro.html"},
           {"%2Fdocs%2Fintro.html", "/docs/intro.html"},
           {"%2fContact%2f", "/Contact/"},
           {"%2Fcaf%25C3%25A9%2F%3Fa%3D1%26b%3D2", "/caf%C3%A9/?a=1&b=2"},
           {"/caf%C3%A9/", "/caf%C3%A9/"}}) {
    CAPTURE(text);
    CHECK(local_path_in(text) == path);
  }
  for (const std::string text : {"%2F%2Fe", "%2F%5Ce", "%2F%252Fe", "%2Fa%0D%0AX-Evil:1",
                                 "%2Fa%20b", "%252Fa", "%2Fa%", "", "a", "//e"}) {
    CAPTURE(text);
    CHECK_FALSE(local_path_in(text));
  }
}

TEST_CASE("P3 a path that stands in an address as its next is read again") {
  for (const auto& [path, next] : std::vector<std::pair<std::string, std::string>>{
           {"/order.html", "/order.html"},
           {"/actions/review?id=3", "%2Factions%2Freview%3Fid%3D3"},
           {"/caf%C3%A9/?a=1&b=2", "%2Fcaf%25C3%25A9%2F%3Fa%3D1%26b%3D2"}}) {
    CAPTURE(path);
    CHECK(as_next(path) == next);
    CHECK(local_path_in(next) == path);
  }
}

TEST_CASE("a page's address is its name, percent-encoded, and names it") {
  for (const auto& [page, path] : std::vector<std::pair<std::string, std::string>>{
           {"contact.html", "/contact.html"},
           {"news/über.html", "/news/%C3%BCber.html"},
           {"sp ace.html", "/sp%20ace.html"},
           {"a#b?c%41.html", "/a%23b%3Fc%2541.html"}}) {
    CAPTURE(page);
    CHECK(path_of_page(page) == path);
    CHECK(page_at(path) == page);
    CHECK(page_at(path + "?x=/y#z") == page);
  }
  CHECK(page_at("/100%.html") == "100%.html");
}

}  // namespace
}  // namespace actiond
