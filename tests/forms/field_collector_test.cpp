// The limits and the text of fields are the same in every notation.
#include "forms/field_collector.h"

#include <doctest/doctest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "forms/body.h"
#include "forms/fields.h"
#include "support.h"

namespace actiond {
namespace {

using test::to_text;

std::string urlencoded(const FieldValues& fields) {
  std::string body;
  for (const FieldValue& field : fields)
    body += to_percent_encoded(field.name) + "=" + to_percent_encoded(field.value) + "&";
  return to_text(parse_urlencoded(body));
}

std::string multipart(const FieldValues& fields) {
  std::string body;
  for (const FieldValue& field : fields)
    body += "--B\r\nContent-Disposition: form-data; name=\"" + field.name + "\"\r\n\r\n" +
            field.value + "\r\n";
  return to_text(parse_multipart(body + "--B--\r\n", "multipart/form-data; boundary=B"));
}

// Its strings are UTF-8 by themselves: what is not is refused by the parser.
std::string json(const FieldValues& fields) {
  std::string body;
  for (const FieldValue& field : fields)
    body += (body.empty() ? "{" : ",") + nlohmann::json(field.name).dump() + ":" +
            nlohmann::json(field.value).dump();
  return to_text(parse_json(body + "}"));
}

struct Notation {
  std::string name;
  std::function<std::string(const FieldValues&)> send;
};

const Notation notations[] = {{"urlencoded", urlencoded}, {"multipart", multipart}, {"json", json}};

FieldValues numbered(std::size_t count) {
  FieldValues fields;
  for (std::size_t at = 0; at < count; ++at) fields.push_back({"f" + std::to_string(at), "1"});
  return fields;
}

TEST_CASE("a thousand fields are allowed, one more is a 413 that names the limit") {
  for (const Notation& notation : notations) {
    CAPTURE(notation.name);
    CHECK(notation.send(numbered(max_fields)).starts_with("f0=1|f1=1|"));
    CHECK(notation.send(numbered(max_fields + 1)) == "413 A form is limited to 1000 fields.");
  }
}

TEST_CASE("a name of 256 bytes is allowed, one more is a 400 that names the limit") {
  const std::string longest(max_name_bytes, 'n');
  for (const Notation& notation : notations) {
    CAPTURE(notation.name);
    CHECK(notation.send({{longest, "1"}}) == longest + "=1");
    CHECK(notation.send({{longest + "n", "1"}}) == "400 A field's name is limited to 256 bytes.");
  }
}

TEST_CASE("control characters in a value are a 400 that names the field, in every notation") {
  for (const Notation& notation : notations)
    for (const std::string_view control :
         {std::string_view("\0", 1), std::string_view("\x1B"), std::string_view("\x7F"),
          std::string_view("\xC2\x85")}) {
      CAPTURE(notation.name);
      CAPTURE(control);
      CHECK(notation.send({{"a", "x" + std::string(control)}}) ==
            "400 The field \"a\" holds a control character.");
    }
}

TEST_CASE("control characters in a name are 400 and not repeated, in every notation") {
  for (const Notation& notation : notations)
    for (const std::string_view control : {std::string_view("\0", 1), std::string_view("\x1B")}) {
      CAPTURE(notation.name);
      CAPTURE(control);
      CHECK(notation.send({{"a" + std::string(control), "x"}}) ==
            "400 A field's name is not UTF-8 text, or holds a control character.");
    }
}

TEST_CASE("text that is not UTF-8 is 400") {
  for (const auto& send : {urlencoded, multipart}) {
    CHECK(send({{"a", "\xC3"}}) == "400 The field \"a\" is not UTF-8 text.");
    CHECK(send({{"\xED\xA0\x80", "x"}}) ==
          "400 A field's name is not UTF-8 text, or holds a control character.");
  }
}

TEST_CASE("tabs and line breaks are kept, in every notation") {
  for (const Notation& notation : notations) {
    CAPTURE(notation.name);
    CHECK(notation.send({{"a", "1\t2\r\n3\n4\r5"}}) == "a=1\t2\r\n3\n4\r5");
  }
}

TEST_CASE("of several problems the first is reported") {
  FieldCollector fields;
  CHECK_FALSE(fields.fail(400, "first"));
  CHECK_FALSE(fields.fail(413, "second"));
  CHECK(to_text(std::move(fields).take()) == "400 first");
}

}  // namespace
}  // namespace actiond
