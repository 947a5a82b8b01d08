#include <doctest/doctest.h>

#include "forms/body.h"
#include "forms/fields.h"
#include "support.h"

namespace actiond {
namespace {

using test::contains;
using test::repeat;
using test::to_text;

std::string parse(const std::string& body, const std::string& boundary = "B") {
  return to_text(parse_multipart(body, "multipart/form-data; boundary=" + boundary));
}

// With a field "a" of up to 1 MiB.
std::string parse_long(const std::string& body, const std::string& boundary = "B") {
  static const FormDescription form{"", {{"a", Kind::Text, {.max = max_body_bytes}}}};
  return to_text(parse_multipart(body, "multipart/form-data; boundary=" + boundary, form));
}

std::string part(const std::string& name, const std::string& value) {
  return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string with_header(const std::string& header) {
  return parse("--B\r\n" + header + "\r\n\r\n1\r\n--B--");
}

const std::string disposition = "Content-Disposition: form-data; name=\"a\"";

TEST_CASE("a multipart form keeps names, values and their order") {
  CHECK(parse("--B--\r\n") == "");
  CHECK(parse(part("a", "1") + part("b", "2") + part("a", "3") + "--B--\r\n") == "a=1|b=2|a=3");
  CHECK(parse(part("a", "") + "--B--") == "a=");
  CHECK(parse(part("a", "\r\n--A\r\n-- B\r\n") + "--B--") == "a=\r\n--A\r\n-- B\r\n");
  CHECK(parse(part("a", "1") + "--B--\r\nan epilogue") == "a=1");
}

TEST_CASE("the header of a part is read in any case, with or without quotes") {
  for (const std::string header :
       {"content-disposition: form-data; name=a", "CONTENT-DISPOSITION:FORM-DATA;NAME=a",
        "Content-Type: text/plain; charset=UTF-8\r\nContent-Disposition: form-data; name=\"a\"",
        "Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: 8bit",
        "X-Other: 1\r\nContent-Disposition: form-data; name=\"a\""}) {
    CAPTURE(header);
    CHECK(with_header(header) == "a=1");
  }
}

TEST_CASE("a quotation mark in a name is what browsers wrote as %22") {
  CHECK(with_header("Content-Disposition: form-data; name=\"%22q%22r%0A%2\"") == "\"q\"r%0A%2=1");
  CHECK(with_header("Content-Disposition: form-data; name=\"q\\\"r\"") == "q\"r=1");
}

TEST_CASE("P16 what other programs write into the header of a part is taken") {
  for (const std::string header :
       {"Content-Type: text/plain; charset=US-ASCII", "Content-Type: text/plain;charset=utf8",
        "Content-Type:", "Content-Type: ", "Content-Type: ;", "X-Odd: a;b;;\"", "X-Empty:",
        "Content-Length: 1", "Content-Transfer-Encoding:", "Content-Transfer-Encoding: 8BIT",
        "Content-Type: text/plain;\r\n charset=utf-8", "X-Folded: a\r\n\tb\r\n c"}) {
    CAPTURE(header);
    CHECK(with_header(disposition + "\r\n" + header) == "a=1");
    CHECK(with_header(header + "\r\n" + disposition) == "a=1");
  }
  CHECK(with_header("Content-Disposition: form-data;\r\n\tname=\"a\"") == "a=1");
  CHECK(with_header("Content-Disposition: form-data; name=\"a\\\"b\"") == "a\"b=1");
}

TEST_CASE("P15 a preamble, and blanks behind a boundary, are taken") {
  const std::string one = part("a", "1");
  for (const std::string& body :
       {"\r\n" + one + "--B--", "preamble\r\n" + one + "--B--", "--b\r\n\r\n" + one + "--B--\r\n",
        "--B \t\r\n" + one.substr(5) + "--B--", one + "--B-- \r\n", "\r\n\r\n" + one + "--B--"}) {
    CAPTURE(body);
    CHECK(parse(body) == "a=1");
  }
  CHECK(parse("\r\n--B--") == "");
  CHECK(parse("preamble\r\n--B--") == "");
}

TEST_CASE("a part that makes no sense is 400") {
  for (const std::string header :
       {"no colon", "Content-Disposition: form-data", "Content-Disposition: attachment; name=a",
        "Content-Disposition: form-data; name=\"a", "Content-Type: text/plain",
        "Content-Disposition: form-data; name=a; name=b", "Content-Disposition:",
        "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
        "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64",
        "Content-Disposition: form-data; name=a\r\nContent-Type: text/plain; charset=utf-16"}) {
    CAPTURE(header);
    CHECK(contains(with_header(header), "400 The multipart body is malformed: "));
  }
}

TEST_CASE("a file is forbidden whatever its name, an empty file field is none") {
  for (const std::string name : {"x.png", "../../etc/passwd", "/etc/passwd", "..\\x", ""}) {
    CAPTURE(name);
    const std::string header = disposition + "; filename=\"" + name + "\"";
    CHECK(with_header(header) == "400 The field \"a\" is a file; this form takes none.");
    CHECK(parse("--B\r\n" + header + "\r\n\r\n\r\n--B--") == "");
  }
  CHECK(
      contains(with_header(disposition + "; filename*=UTF-8''x"), "400 The field \"a\" is a file"));
}

TEST_CASE("a boundary of 70 bytes is allowed, one more is a 400 that names the limit") {
  const std::string longest(max_boundary_bytes, 'b');
  CHECK(parse("--" + longest + "--", longest) == "");
  CHECK(contains(parse("--" + longest + "b--", longest + "b"), "boundary is limited to 70 bytes"));
}

TEST_CASE("a boundary of odd characters is 400, of allowed ones it is not") {
  for (const std::string boundary :
       {"", "\"\"", "\"a \"", "a\"b", "\"a;b\"", "a\\b", "\xC3\xA9", "a\x01", "a*b"}) {
    CAPTURE(boundary);
    CHECK(contains(parse(std::string("--") + boundary + "--", boundary), "400 "));
  }
  CHECK(parse("--'()+_,-./:=?--", "'()+_,-./:=?") == "");
  CHECK(parse("--a b--", "\"a b\"") == "");
  CHECK(contains(to_text(parse_multipart("--B--", "multipart/form-data")), "names no boundary"));
}

TEST_CASE("a part's header of 8 KiB is allowed, one byte more is a 400 that names the limit") {
  const std::string start = disposition + "\r\nX-Filler: ";
  const std::string longest = start + std::string(max_part_header_bytes - start.size(), 'x');
  CHECK(with_header(longest) == "a=1");
  CHECK(contains(with_header(longest + "x"),
                 "400 The multipart body is malformed: a part's header has "
                 "no end, or is over 8192 bytes."));
}

TEST_CASE("a body without its boundaries in their places is 400") {
  for (const std::string body :
       {"", "B", "--C--", "--B", "--B-", "--Bx\r\n", "preamble--B--", "\n--B--", "--B \tx\r\n",
        "--B\n\n1\n--B--", "--B\r\n", "--B\r\nContent-Disposition: form-data; name=a",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B"}) {
    CAPTURE(body);
    CHECK(contains(parse(body), "400 The multipart body is malformed: "));
  }
}

TEST_CASE("a refusal quotes no name that is no text, or is too long") {
  for (const std::string& name :
       {std::string("\xFF"), std::string("\x01"), std::string(257, 'n')}) {
    CAPTURE(name);
    const std::string file = "--B\r\nContent-Disposition: form-data; name=\"" + name +
                             "\"; filename=f\r\n\r\n1\r\n--B--";
    const std::string refusal = parse(file);
    CHECK(refusal.starts_with("400 A field's name is "));
    CHECK_FALSE(contains(refusal, name));
  }
}

TEST_CASE("multipart bombs are refused") {
  const std::string megabyte(max_body_bytes, '\r');
  struct Row {
    std::string what;
    std::string body;
    std::string refused;
  };
  for (const Row& row :
       {Row{"100,000 parts", repeat(part("a", "1"), 100'000) + "--B--", "413 A form is limited"},
        Row{"100,000 parts without header", repeat("--B\r\n\r\n\r\n", 100'000) + "--B--", "400 "},
        Row{"1 MB of CR", megabyte, "400 "},
        Row{"a value of 1 MB of CR without end", part("a", megabyte), "413 "},
        Row{"nearly boundaries without end", part("a", repeat("\r\n--", 250'000)), "413 "},
        Row{"a preamble of 1 MB", repeat("\r\n--", 250'000), "400 "},
        Row{"blanks behind a boundary", "--B" + repeat(" ", 1'000'000), "400 "},
        Row{"a part header of 1 MB", "--B\r\nX: " + megabyte + "\r\n\r\n--B--", "400 "},
        Row{"a part header of 1 MB of lines", "--B\r\n" + repeat("X: y\r\n", 160'000), "400 "},
        Row{"boundaries alone", repeat("--B\r\n", 200'000), "400 "}}) {
    CAPTURE(row.what);
    CHECK(parse(row.body).starts_with(row.refused));
  }
}

TEST_CASE("a value of 1 MB that starts with CR is kept when its boundary comes") {
  const std::string value(1'000'000, '\r');
  CHECK(parse_long(part("a", value) + "--B--") == "a=" + value);
}

TEST_CASE("a boundary that the values nearly hold ends at its own place") {
  const std::string boundary(max_boundary_bytes, '-');
  const std::string value = repeat("\r\n" + std::string(max_boundary_bytes + 1, '-') + "x", 10'000);
  const std::string body =
      "--" + boundary + "\r\n" + disposition + "\r\n\r\n" + value + "\r\n--" + boundary + "--";
  CHECK(parse_long(body, boundary) == "a=" + value);
}

}  // namespace
}  // namespace actiond
