#include "forms/body.h"

#include <doctest/doctest.h>

#include "forms/fields.h"
#include "support.h"

namespace actiond {
namespace {

using test::contains;
using test::to_text;

const char* const form_type = "application/x-www-form-urlencoded";

std::string read(const std::string& content_type, std::string body,
                 const FormDescription& form = {}) {
  Request request =
      test::make_request("POST", "/actions/x", {{"content-type", content_type}}, std::move(body));
  return to_text(read_fields(request, form));
}

TEST_CASE("a body is read by its media type, whatever its case and parameters") {
  struct Row {
    std::string type;
    std::string body;
  };
  for (const Row& row : {Row{form_type, "a=1&b=2"},
                         Row{"Application/X-WWW-Form-URLencoded; charset=UTF-8", "a=1&b=2"},
                         Row{"application/json", R"({"a":"1","b":"2"})"},
                         Row{"application/json; charset=\"utf-8\"", R"({"a":"1","b":"2"})"},
                         Row{"multipart/form-data; boundary=B",
                             "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
                             "--B\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n--B--"}}) {
    CAPTURE(row.type);
    CHECK(read(row.type, row.body) == "a=1|b=2");
  }
}

TEST_CASE("a body of any other type is 415") {
  for (const std::string type :
       {"text/plain", "application/xml", "application/x-www-form-urlencoded2", "application",
        "application/json; charset=latin1", "application/x-www-form-urlencoded; charset=utf-16",
        "application/json, text/plain", "multipart/mixed; boundary=B", "; x",
        "application/json; x"}) {
    CAPTURE(type);
    CHECK(contains(read(type, "a=1"), "415 Send application/x-www-form-urlencoded, "));
  }
}

TEST_CASE("a body without a type is 415, and no body needs none") {
  Request untyped = test::make_request("POST", "/actions/x", {}, "a=1");
  CHECK(contains(to_text(read_fields(untyped)), "415 "));
  Request empty = test::make_request("POST", "/actions/x");
  CHECK(to_text(read_fields(empty)) == "");
}

TEST_CASE("P17 the labels of UTF-8 and of ASCII name UTF-8") {
  for (const std::string charset :
       {"utf8", "UTF8", "us-ascii", "ascii", "\"utf8\"", "UTF-8", "\"\""}) {
    CAPTURE(charset);
    CHECK(read("application/json; charset=" + charset, R"({"a":"\u00e9"})") == "a=\xC3\xA9");
    CHECK(read(std::string(form_type) + ";charset=" + charset, "a=%C3%A9") == "a=\xC3\xA9");
  }
}

TEST_CASE(
    "a body of 1 MiB is allowed to a form for it, one byte more is a 413 that names the limit") {
  const FormDescription form{"", {{"a", Kind::Text, {.max = max_body_bytes}}}};
  const std::string filler(max_body_bytes - 2, 'x');
  CHECK(read(form_type, "a=" + filler, form) == "a=" + filler);
  CHECK(read(form_type, "a=x" + filler, form) ==
        "413 The body is limited to 1048576 bytes (1 MiB).");
}

TEST_CASE("S36 a body is limited to what its form can need") {
  CHECK(read(form_type, "x=" + std::string(64 * 1024 - 2, 'x')) == "");
  CHECK(read(form_type, "x=" + std::string(64 * 1024 - 1, 'x')) ==
        "413 The body is limited to 65536 bytes (64 KiB).");
}

TEST_CASE("a body that announces too much is refused unread") {
  Request request = test::make_request("POST", "/actions/x", {{"content-type", form_type}});
  request.content_length = max_body_bytes + 1;
  bool asked = false;
  request.read_body = [&asked](char*, std::size_t) {
    asked = true;
    return std::size_t{0};
  };
  CHECK(contains(to_text(read_fields(request)), "413 "));
  CHECK_FALSE(asked);
}

TEST_CASE("a body shorter or longer than announced is 400") {
  for (const std::size_t announced : {2U, 4U, 100U}) {
    CAPTURE(announced);
    Request request =
        test::make_request("POST", "/actions/x", {{"content-type", form_type}}, "a=1");
    request.content_length = announced;
    CHECK(to_text(read_fields(request)) ==
          "400 The body is not as long as its Content-Length says.");
  }
}

TEST_CASE("an urlencoded body keeps names, values and their order") {
  struct Row {
    std::string body;
    std::string expected;
  };
  for (const Row& row :
       {Row{"", ""}, Row{"a=1&b=2&a=3", "a=1|b=2|a=3"}, Row{"a", "a="}, Row{"a=", "a="},
        Row{"=1", "=1"}, Row{"a=b=c", "a=b=c"}, Row{"&&a=1&", "a=1"}, Row{"a;b=1", "a;b=1"},
        Row{"a+b=c+d", "a b=c d"}, Row{"a%20b=%C3%A9%2b%26%3d", "a b=\xC3\xA9+&="},
        Row{"a[b]=1&a.b=2", "a[b]=1|a.b=2"}, Row{"a=%0D%0A%09", "a=\r\n\t"}}) {
    CAPTURE(row.body);
    CHECK(to_text(parse_urlencoded(row.body)) == row.expected);
  }
}

TEST_CASE("a '%' that encodes nothing is 400") {
  for (const std::string body : {"a=%", "a=%1", "a=%zz", "%=1", "a=100%&b=1", "a=%u00e9"}) {
    CAPTURE(body);
    CHECK(to_text(parse_urlencoded(body)) == "400 What was sent has a '%' that encodes nothing.");
  }
}

}  // namespace
}  // namespace actiond
