#include "http/accept.h"

#include <doctest/doctest.h>

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace actiond {
namespace {

std::string name(Media media) {
  return media == Media::Html ? "Html" : media == Media::Text ? "Text" : "Json";
}

struct Row {
  std::string accept;
  Media preferred;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.accept);
    CHECK(name(preferred_media(row.accept)) == name(row.preferred));
  }
}

TEST_CASE("clients get the answer that they are known for") {
  check({
      // Firefox, Chrome, Safari, Lynx, old Java
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Media::Html},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;"
       "q=0.8,application/signed-exchange;v=b3;q=0.7",
       Media::Html},
      {"text/html, text/plain, text/sgml, text/css, */*;q=0.01", Media::Html},
      {"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", Media::Html},
      // curl and fetch, axios, jQuery
      {"*/*", Media::Json},
      {"application/json, text/plain, */*", Media::Json},
      {"application/json, text/javascript, */*; q=0.01", Media::Json},
      {"application/problem+json", Media::Json},
      {"text/plain", Media::Text},
      {"text/plain, */*", Media::Text},
  });
}

TEST_CASE("a comma or semicolon inside quotes ends nothing") {
  check({{"text/html;foo=\"a,b\";q=0.1,text/plain;q=0.2", Media::Text},
         {"text/html;foo=\"a;q=0\", text/plain;q=0.9", Media::Html},
         {"text/html;foo=\"\\\",text/plain\";q=0.1, application/json;q=0.2", Media::Json},
         {"text/html;foo=\"text/plain", Media::Html}});
}

TEST_CASE("the language with the highest weight is preferred, and never one that is not wanted") {
  const std::initializer_list<std::array<std::string_view, 2>> rows{
      {"de", "de"},
      {"de-CH,de;q=0.9,en;q=0.8", "de-CH"},
      {"en;q=0.5 , de ; Q=0.7", "de"},
      {"en;q=0.5, de;q=0.5", "en"},
      {"de;q=0", ""},
      {"de;q=0.000, en", "en"},
      {"*, de;q=0.1", "de"},
      {"*", ""},
      {"", ""},
      {", ,de", "de"}};
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CHECK(preferred_language(row[0]) == row[1]);
  }
}

TEST_CASE("without a preference the answer is JSON") {
  check({{"", Media::Json},
         {"*/*;q=0.1", Media::Json},
         {"image/png", Media::Json},
         {"text/html;q=0", Media::Json},
         {"text/html;q=0, text/plain;q=0", Media::Json},
         {"*/*;q=0", Media::Json},
         {"application/*", Media::Json}});
}

TEST_CASE("a problem is JSON, too, and refused with it") {
  check({{"application/problem+json, text/html;q=0.9", Media::Json},
         {"application/problem+json;q=0.5, text/html;q=0.9", Media::Html},
         {"application/json;q=0, text/plain;q=0.5, */*;q=0.8", Media::Html},
         {"application/json;q=0, text/plain;q=0.9, */*;q=0.8", Media::Text}});
}

TEST_CASE("the highest weight wins") {
  check({{"text/html;q=0.8, text/plain;q=0.9", Media::Text},
         {"text/plain;q=0.001, text/html;q=0.002", Media::Html},
         {"text/html;q=0.5, application/json", Media::Json},
         {"application/json;q=0.5, text/html;q=0.6", Media::Html},
         {"application/json;q=0, application/problem+json;q=0, text/html;q=0, */*;q=0.1",
          Media::Text},
         {"text/html;q=1.0, text/plain;q=1.000", Media::Html},
         {"text/html ; q=0.3 , text/plain ; Q=0.4", Media::Text}});
}

TEST_CASE("the more specific range decides about a type, wherever it stands") {
  check({{"text/*;q=0.9, text/html;q=0.1, */*;q=0.5", Media::Text},
         {"*/*, text/html;q=0.1, application/json;q=0.1, application/problem+json;q=0.1",
          Media::Text},
         {"*/*;q=0.9, text/html;q=0.9", Media::Html}});
}

TEST_CASE("of equals the one named first wins") {
  check({{"text/plain, text/html", Media::Text},
         {"text/html, text/plain", Media::Html},
         {"text/plain;q=0.5, application/json;q=0.5", Media::Text},
         {"text/*", Media::Html}});
}

TEST_CASE("what makes no sense is passed over") {
  check({{",,,", Media::Json},
         {";q=1", Media::Json},
         {"text", Media::Json},
         {"html", Media::Json},
         {"text/htmlx", Media::Json},
         {"xtext/html", Media::Json},
         {"text/", Media::Json},
         {", ,text/plain", Media::Text},
         {"TEXT/HTML", Media::Html},
         {"text/html;level=1;q=0.2, text/plain;q=0.3", Media::Text}});
}

TEST_CASE("a weight that makes no sense counts as none given") {
  for (const std::string weight : {"q=", "q=x", "q=2", "q=-1", "q=nan", "q", "=1", "q =0.1"}) {
    CAPTURE(weight);
    CHECK(name(preferred_media(std::string("text/plain;") + weight + ", text/html;q=0.9")) ==
          "Text");
  }
}

}  // namespace
}  // namespace actiond
