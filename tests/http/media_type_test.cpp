#include "http/media_type.h"

#include <doctest/doctest.h>

namespace actiond {
namespace {

// "type name=value name=value", or "nothing".
std::string parsed(std::string_view text) {
  const auto media = parse_media_type(text);
  if (!media) return "nothing";
  std::string line = media->type;
  for (const auto& [name, value] : media->parameters) line += " " + name + "=[" + value + "]";
  return line;
}

TEST_CASE("a media type keeps its parameters") {
  struct Row {
    std::string text;
    std::string expected;
  };
  for (const Row& row :
       {Row{"text/html", "text/html"}, Row{" Text/HTML ;", "text/html"},
        Row{"a/b; ;x=1;;", "a/b x=[1]"},
        Row{"text/html; Charset=UTF-8", "text/html charset=[UTF-8]"},
        Row{"a/b;x=1;y=2", "a/b x=[1] y=[2]"}, Row{"a/b ; x = 1 ; y = 2 ", "a/b x=[1] y=[2]"},
        Row{"a/b; x=\"1; y=2\"", "a/b x=[1; y=2]"}, Row{"a/b; x=\"\"; y=", "a/b x=[] y=[]"},
        Row{"form-data; name=\"a%22b\"; filename=\"C:\\x\"",
            "form-data filename=[C:\\x] name=[a%22b]"},
        Row{"form-data; filename*=UTF-8''x", "form-data filename*=[UTF-8''x]"}}) {
    CAPTURE(row.text);
    CHECK(parsed(row.text) == row.expected);
  }
}

TEST_CASE("a malformed media type is nothing") {
  for (const std::string text :
       {"", " ", ";", "; a=b", "a/b; c", "a/b; x=1; X=2", "a/b; x=\"", "a/b; x=\"1",
        "a/b; x=\"1\"2", "a/b; x=\"1\" y=2", "a/b; c; d=e", "a/b; =x"}) {
    CAPTURE(text);
    CHECK(parsed(text) == "nothing");
  }
}

}  // namespace
}  // namespace actiond
