#include <doctest/doctest.h>

#include "forms/body.h"
#include "forms/fields.h"
#include "support.h"

namespace actiond {
namespace {

using test::contains;
using test::repeat;
using test::to_text;

TEST_CASE("a flat JSON object keeps its fields as text") {
  struct Row {
    std::string body;
    std::string expected;
  };
  for (const Row& row :
       {Row{"{}", ""}, Row{R"( {"a" : "1", "b":"2"} )", "a=1|b=2"},
        Row{R"({"a":7,"b":-7})", "a=7|b=-7"}, Row{R"({"a":1.50,"b":1e3})", "a=1.50|b=1e3"},
        Row{R"({"a":true})", "a=true"},
        Row{R"({"a":18446744073709551615})", "a=18446744073709551615"},
        Row{R"({"a":18446744073709551616})", "a=18446744073709551616"},
        Row{R"({"a":"\u00e9\ud83d\ude00\r\n"})", "a=\xC3\xA9\xF0\x9F\x98\x80\r\n"},
        Row{R"({"":""})", "="}}) {
    CAPTURE(row.body);
    CHECK(to_text(parse_json(row.body)) == row.expected);
  }
}

TEST_CASE("null and false are fields that were not sent") {
  CHECK(to_text(parse_json(R"({"a":null,"b":false,"c":"x"})")) == "c=x");
}

TEST_CASE("an array is a list of one field") {
  CHECK(to_text(parse_json(R"({"a":["x",1,true],"b":"y"})")) == "a=x|a=1|a=true|b=y");
  CHECK(to_text(parse_json(R"({"a":[],"b":[null,false]})")) == "");
}

TEST_CASE("anything deeper than a flat object is 400") {
  for (const std::string body :
       {R"({"a":{}})", R"({"a":{"b":1}})", R"({"a":[[]]})", R"({"a":[{}]})", R"({"a":["x",["y"]]})",
        R"({"__proto__":{"a":1}})"}) {
    CAPTURE(body);
    CHECK(to_text(parse_json(body)) == "400 The JSON is nested; send one flat object.");
  }
}

TEST_CASE("nesting a hundred thousand deep is refused") {
  CHECK(contains(to_text(parse_json("{\"a\":" + repeat("[", 100'000))), "400 The JSON is nested"));
  CHECK(contains(to_text(parse_json(repeat("{\"a\":", 100'000))), "400 The JSON is nested"));
  CHECK(contains(to_text(parse_json(repeat("[", 100'000))), "400 "));
}

TEST_CASE("what is no object is 400") {
  for (const std::string body :
       {"[]", "[{\"a\":1}]", "1", "-1", "1.5", "\"a\"", "null", "true", "false"}) {
    CAPTURE(body);
    CHECK(to_text(parse_json(body)) == "400 The JSON is not an object.");
  }
}

TEST_CASE("a doubled key is a 400 that names it, whatever its values") {
  for (const std::string body : {R"({"a":1,"a":1})", R"({"a":null,"a":1})", R"({"a":1,"\u0061":2})",
                                 R"({"a":["x"],"a":["y"]})"}) {
    CAPTURE(body);
    CHECK(to_text(parse_json(body)) == "400 The field \"a\" was sent twice.");
  }
}

TEST_CASE("a doubled key that holds a control character is not repeated") {
  CHECK_FALSE(contains(to_text(parse_json(R"({"a\u001b[2J":null,"a\u001b[2J":1})")), "\x1B"));
}

TEST_CASE("malformed JSON is 400") {
  for (const std::string_view body :
       {std::string_view(""), std::string_view(" "), std::string_view("{"),
        std::string_view("{\"a\":1"), std::string_view("{\"a\":1}}"),
        std::string_view("{\"a\":1} x"), std::string_view("{\"a\":1,}"), std::string_view("{a:1}"),
        std::string_view("{'a':1}"), std::string_view("{\"a\":NaN}"),
        std::string_view("{\"a\":01}"), std::string_view("{\"a\":1e999}"),
        std::string_view("{\"a\":\"\n\"}"), std::string_view("{\"a\":\"\xC3\"}"),
        std::string_view("{\"a\":\"\xED\xA0\x80\"}"), std::string_view(R"({"a":"\ud800"})"),
        std::string_view("{\"a\":\"\0\"}", 9), std::string_view("{\"a\":1/**/}")}) {
    CAPTURE(body);
    CHECK(contains(to_text(parse_json(body)), "400 The JSON is malformed at byte "));
  }
}

TEST_CASE("JSON does not end at a NUL") {
  const std::string nul(1, '\0');
  for (const std::string& body : {"{\"a\":1}" + nul, "{\"a\":1}" + nul + "{\"b\":2}", nul})
    CHECK(contains(to_text(parse_json(body)), "400 The JSON is malformed at byte "));
}

TEST_CASE("a number of more than 1000 digits is 400, a text of them is kept") {
  const std::string digits(1001, '1');
  for (const std::string& number : {digits, "-" + digits, "0." + digits, "1e" + digits})
    CHECK(to_text(parse_json("{\"a\":" + number + "}")) ==
          "400 A number is limited to 1000 digits.");
  const std::string most = "0." + std::string(1000, '1');
  CHECK(to_text(parse_json("{\"a\":" + most + "}")) == "a=" + most);
  CHECK(to_text(parse_json("{\"a\\\"\":\"\\\"" + digits + "\\\\\",\"b\":\"" + digits + "\"}")) ==
        "a\"=\"" + digits + "\\|b=" + digits);
}

TEST_CASE("an escaped NUL is a character like any other") {
  CHECK(to_text(parse_json(R"({"a":"x\u0000y"})")) == "a=" + std::string("x\0y", 3));
}

}  // namespace
}  // namespace actiond
