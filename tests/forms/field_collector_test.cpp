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

TEST_CASE("P10 a control character in a value is kept, in every notation") {
  for (const Notation& notation : notations)
    for (const std::string_view control :
         {std::string_view("\0", 1), std::string_view("\x1B"), std::string_view("\v"),
          std::string_view("\f"), std::string_view("\x7F"), std::string_view("\xC2\x85")}) {
      CAPTURE(notation.name);
      CAPTURE(control);
      CHECK(notation.send({{"a", "x" + std::string(control)}}) == "a=x" + std::string(control));
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

// The fields of `body` in each notation, read for a form with the text "a" of at most 10
// characters.
std::vector<FieldValues> read_for_form(const FieldValues& fields) {
  static const FormDescription form{"", {{"a", Kind::Text, {.max = 10}}}};
  nlohmann::json object;
  std::string plain, parts;
  for (const FieldValue& field : fields) {
    object[field.name] = field.value;
    plain += to_percent_encoded(field.name) + "=" + to_percent_encoded(field.value) + "&";
    parts += "--B\r\nContent-Disposition: form-data; name=\"" + field.name + "\"\r\n\r\n" +
             field.value + "\r\n";
  }
  return {std::get<FieldValues>(parse_urlencoded(plain, form)),
          std::get<FieldValues>(parse_json(object.dump(), form)),
          std::get<FieldValues>(
              parse_multipart(parts + "--B--", "multipart/form-data; boundary=B", form))};
}

TEST_CASE("S42 of a value that is longer than its field may be, nothing is held") {
  for (const FieldValues& fields : read_for_form({{"a", std::string(41, '"')}})) {
    REQUIRE(fields.size() == 1);
    CHECK(fields[0].is_too_long);
    CHECK(fields[0].value.empty());
  }
  // A value that is too long, but not by much, comes back to be shortened.
  for (const FieldValues& fields : read_for_form({{"a", std::string(40, '"')}})) {
    REQUIRE(fields.size() == 1);
    CHECK_FALSE(fields[0].is_too_long);
    CHECK(fields[0].value.size() == 40);
  }
}

TEST_CASE("S36 of fields that the form does not declare, 16 KiB are kept") {
  FieldValues sent{{"a", "1"}, {"x", std::string(max_undeclared_bytes - 1, 'x')}, {"y", "1"}};
  for (const FieldValues& fields : read_for_form(sent)) {
    CHECK(fields.size() == 2);
    CHECK(fields[1].name == "x");
  }
  sent[1].value += "x";
  for (const FieldValues& fields : read_for_form(sent)) {
    CHECK(fields.size() == 2);
    CHECK(fields[1].name == "y");
  }
}

TEST_CASE("of several problems the first is reported") {
  const FormDescription form;
  FieldCollector fields(form);
  CHECK_FALSE(fields.fail(400, "first"));
  CHECK_FALSE(fields.fail(413, "second"));
  CHECK(to_text(std::move(fields).take()) == "400 first");
}

}  // namespace
}  // namespace actiond
