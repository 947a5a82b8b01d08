// Controls of a page, and what they take.  tests/browser/controls.mjs compares them with Chromium.
#include "forms/control_rules.h"

#include <doctest/doctest.h>

#include "forms/limits.h"
#include "http/words.h"

namespace actiond {
namespace {

using Texts = std::vector<std::string>;

WrittenControl written(std::string type, std::map<std::string, std::string, std::less<>> attributes,
                       Texts options = {}) {
  return {std::move(type), std::move(attributes), std::move(options), 7};
}

// The values that count, joined by '|', or the message in brackets.
std::string judged(const ControlRules& control, const Texts& values) {
  FieldValues sent;
  for (const std::string& value : values) sent.push_back({control.name(), value});
  const FieldDescription& field = control.description();
  const auto read = control.read(values_of(sent, field.name, field.kind, field.rules));
  if (const auto* wrong = std::get_if<Wrong>(&read)) return "[" + in_english(wrong->message) + "]";
  std::string text;
  for (const std::string& value : std::get<Texts>(read)) text += (text.empty() ? "" : "|") + value;
  return text;
}

std::string judged(WrittenControl control, const Texts& values) {
  return judged(ControlRules("x", {std::move(control)}), values);
}

TEST_CASE("a control takes what a browser sends of it") {
  CHECK(judged(written("text", {{"required", ""}}), {"Ada"}) == "Ada");
  CHECK(judged(written("textarea", {}), {"a\r\nb"}) == "a\nb");
  CHECK(judged(written("email", {{"multiple", ""}}), {"a@b.c, d@e.f"}) == "a@b.c,d@e.f");
  CHECK(judged(written("number", {{"step", "0.5"}}), {"1.5"}) == "1.5");
  CHECK(judged(written("range", {}), {"100"}) == "100");
  CHECK(judged(written("time", {{"min", "22:00"}, {"max", "06:00"}}), {"23:30"}) == "23:30");
  CHECK(judged(written("week", {}), {"2020-W53"}) == "2020-W53");
  CHECK(judged(written("checkbox", {{"value", "0"}}), {"0"}) == "0");
  CHECK(judged(written("checkbox", {}), {}) == "");
  CHECK(judged(written("checkbox", {{"value", ""}}), {}) == "");
  // Of a hidden twin and its box the last counts.
  CHECK(judged(written("checkbox", {{"value", "Y"}}), {"0", "Y"}) == "Y");
  CHECK(judged(written("checkbox", {{"value", "Y"}}), {"Y", "0"}) == "");
  CHECK(judged(written("select-multiple", {}, {"a", "b"}), {"a", "b"}) == "a|b");
  // Breaks that a browser leaves in a line are kept as fields of C++ keep them.
  CHECK(judged(written("text", {}), {"a\vb\u0085c\fd"}) == "a\nb\nc\nd");
  CHECK(judged(written("hidden", {{"value", "footer"}}), {"footer"}) == "footer");
}

TEST_CASE("a control refuses what a browser never sends of it") {
  CHECK(judged(written("text", {{"required", ""}}), {""}) == "[This field is required.]");
  CHECK(judged(written("text", {{"maxlength", "3"}}), {"😀😀"}) == "[Use at most 3 characters.]");
  CHECK(judged(written("text", {{"maxlength", " +3"}}), {"abcd"}) == "[Use at most 3 characters.]");
  CHECK(judged(written("text", {{"minlength", "3"}}), {"ab"}) == "[Use at least 3 characters.]");
  CHECK(judged(written("text", {{"pattern", "[A-Z]{2}"}, {"title", "two letters"}}), {"ABC"}) ==
        "[Use the format that is asked for: two letters]");
  CHECK(judged(written("number", {{"min", "1"}}), {"2.5"}) ==
        "[Enter one of the values that the steps of this field allow.]");
  CHECK(judged(written("number", {{"min", "1"}, {"max", "9"}}), {"10"}) ==
        "[Enter a value from 1 to 9.]");
  CHECK(judged(written("number", {}), {"NaN"}) == "[Enter a number.]");
  CHECK(judged(written("range", {{"max", "10"}}), {"11"}) == "[Enter a value from 0 to 10.]");
  CHECK(judged(written("date", {{"min", "2027-01-01"}}), {"2026-12-31"}) ==
        "[Enter 2027-01-01 or more.]");
  CHECK(judged(written("month", {}), {"2027-13"}) == "[Enter a month, such as 2027-01.]");
  CHECK(judged(written("week", {}), {"2021-W53"}) == "[Enter a week, such as 2027-W05.]");
  CHECK(judged(written("time", {{"min", "09:00"}}), {"08:59"}) == "[Enter 09:00 or more.]");
  CHECK(judged(written("datetime-local", {}), {"2027-01-31T09:30:30"}) ==
        "[Enter one of the values that the steps of this field allow.]");
  CHECK(judged(written("color", {}), {"red"}) == "[Enter a colour, such as #0a7bd1.]");
  CHECK(judged(written("email", {}), {"a@b,c@d"}) ==
        "[Enter an email address, such as ada@example.com.]");
  for (const char* list : {"a@b,", ",", ",a@b", "a@b,,c@d"})
    CHECK(judged(written("email", {{"multiple", ""}}), {list}) ==
          "[Enter an email address, such as ada@example.com.]");
}

TEST_CASE("an option that is not in the page is refused") {
  const std::string refused = "[Choose one of the options.]";
  CHECK(judged(written("select", {}, {"", "red"}), {"blue"}) == refused);
  CHECK(judged(written("select", {}, {""}), {"blue"}) == refused);
  CHECK(judged(written("select-multiple", {}, {"red"}), {"red", "blue"}) == refused);
  const ControlRules radios(
      "x", {written("radio", {{"value", "a"}}), written("radio", {{"value", "b"}})});
  CHECK(judged(radios, {"a"}) == "a");
  CHECK(judged(radios, {"c"}) == refused);
  const ControlRules boxes("x", {written("checkbox", {{"value", "a"}}),
                                 written("checkbox", {{"value", "b"}, {"required", ""}})});
  CHECK(judged(boxes, {"a", "b"}) == "a|b");
  CHECK(judged(boxes, {"b", "c"}) == refused);
  CHECK(judged(boxes, {"a"}) == "[This field is required.]");
}

TEST_CASE("the page's own value is taken whatever its length, as a browser sends it unedited") {
  CHECK(judged(written("text", {{"minlength", "5"}, {"value", "abc"}}), {"abc"}) == "abc");
  CHECK(judged(written("text", {{"minlength", "5"}, {"value", "abc"}}), {"abd"}) ==
        "[Use at least 5 characters.]");
  CHECK(judged(written("search", {{"maxlength", "2"}, {"value", "abcd"}}), {"abcd"}) == "abcd");
  CHECK(judged(written("text", {{"maxlength", "2"}, {"value", "a\nbcd"}}), {"abcd"}) == "abcd");
  CHECK(judged(written("textarea", {{"maxlength", "2"}, {"value", "a\nb"}}), {"a\r\nb"}) == "a\nb");
  CHECK(judged(written("url", {{"maxlength", "9"}, {"value", " http://a.b/ "}}), {"http://a.b/"}) ==
        "http://a.b/");
  CHECK(judged(written("email", {{"maxlength", "4"}, {"multiple", ""}, {"value", "a@b, c@d"}}),
               {"a@b,c@d"}) == "a@b,c@d");
  // All else is asked of it.
  CHECK(judged(written("text", {{"minlength", "5"}, {"value", "abc"}, {"pattern", "x"}}),
               {"abc"}) == "[Use the format that is asked for.]");
  CHECK(judged(written("email", {{"minlength", "5"}, {"value", "abc"}}), {"abc"})
            .starts_with("[Enter an email address"));
  // It is read, however long it is.
  const ControlRules longer(
      "x", {written("text", {{"maxlength", "2"}, {"value", std::string(5000, 'a')}})});
  CHECK(max_value_bytes(longer.description()) >= 5000);
  CHECK(*longer.description().rules.max == 2);
}

TEST_CASE("the breaks that wrap=hard puts in behind the rules are not counted as too many") {
  const auto area = [](const char* wrap) {
    return ControlRules("x", {written("textarea", {{"wrap", wrap}, {"maxlength", "4"}})});
  };
  CHECK(judged(area("Hard"), {"ab\r\ncd"}) == "ab\ncd");
  CHECK(judged(area("physical"), {"ab\r\ncd"}) == "ab\ncd");
  CHECK(judged(area("hard"), {"ab\r\ncde"}) == "[Use at most 4 characters.]");
  CHECK(judged(area("soft"), {"ab\r\ncd"}) == "[Use at most 4 characters.]");
  CHECK(max_value_bytes(area("hard").description()) >= std::string("日\r\n日\r\n日\r\n日").size());
  CHECK_FALSE(takes_the_same(area("hard"), area("soft")));
  const ControlRules own("x",
                         {written("textarea", {{"wrap", "hard"},
                                               {"maxlength", "2"},
                                               {"value", "ab\ncd\n\n" + std::string(99, '\n')}})});
  CHECK(judged(own, {"ab\ncd\n\n" + std::string(99, '\n')}).starts_with("ab\ncd"));
  CHECK(judged(own, {"a\nb\ncd"}).starts_with("a\nb"));
  CHECK(max_value_bytes(own.description()) >= 250);
}

TEST_CASE("a submit button without a value sends the label that its browser gives it") {
  const ControlRules button("x", {written("submit", {})});
  CHECK(judged(button, {"Submit"}) == "Submit");
  CHECK(judged(button, {"Anfrage senden"}) == "Anfrage senden");
  CHECK(judged(button, {}) == "");
  CHECK(judged(button, {std::string(1001, 'a')}) == "[Use at most 1000 characters.]");
  const ControlRules both("x", {written("submit", {{"value", "delete"}}), written("submit", {})});
  CHECK(judged(both, {"Submit"}) == "Submit");
  CHECK(judged(written("submit", {{"value", ""}}), {"Submit"}) == "[Choose one of the options.]");
  const ControlRules twin("x", {written("hidden", {}), written("submit", {})});
  CHECK_FALSE(repeated_field({{"x", ""}, {"x", "Submit"}}, {"", {twin.description()}}));
  CHECK(judged(twin, {"", "Submit"}) == "Submit");
}

TEST_CASE("a hidden field before a control that may send nothing says that it does") {
  const ControlRules box(
      "x", {written("hidden", {{"value", "N"}}), written("checkbox", {{"value", "Y"}})});
  CHECK(judged(box, {"N"}) == "");
  CHECK(judged(box, {"N", "Y"}) == "Y");
  CHECK(judged(box, {"true"}) == "Y");
  const ControlRules needed("x", {written("hidden", {{"value", "0"}}),
                                  written("checkbox", {{"value", "1"}, {"required", ""}})});
  CHECK(judged(needed, {"0"}) == "[This field is required.]");
  CHECK(judged(needed, {"0", "1"}) == "1");
  const ControlRules radio("x", {written("hidden", {}), written("radio", {{"value", "a"}})});
  CHECK(judged(radio, {"", "a"}) == "a");
  CHECK(judged(radio, {""}) == "");
}

TEST_CASE("a fallback in a datalist is asked for nothing, and one of both is left empty") {
  WrittenControl fallback = written("select", {{"required", ""}}, {"", "Cat"});
  fallback.is_fallback = true;
  const ControlRules animal("x", {written("text", {{"list", "l"}}), fallback});
  CHECK(judged(animal, {"Dog", ""}) == "Dog");
  CHECK(judged(animal, {"", "Cat"}) == "Cat");
  CHECK(judged(animal, {"", ""}) == "");
  const FormDescription form{"", {animal.description()}};
  CHECK_FALSE(repeated_field({{"x", "Dog"}, {"x", ""}}, form));
  CHECK(repeated_field({{"x", "Dog"}, {"x", "Cat"}}, form) == "x");
}

TEST_CASE("controls take the same whatever else their authors wrote") {
  const auto same = [](WrittenControl one, WrittenControl other) {
    return takes_the_same(ControlRules("x", {std::move(one)}),
                          ControlRules("x", {std::move(other)}));
  };
  using Attributes = std::map<std::string, std::string, std::less<>>;
  for (const auto& [type, one, other] :
       std::initializer_list<std::tuple<const char*, Attributes, Attributes>>{
           {"text",
            {{"id", "a"}, {"class", "b"}, {"title", "c"}, {"size", "9"}},
            {{"value", "x"}, {"aria-label", "y"}}},
           {"hidden", {{"value", "a"}}, {{"value", "b"}}},
           {"number", {{"min", "1"}, {"max", "x"}}, {{"min", "1.0"}}},
           {"text", {{"maxlength", "1000"}}, {}},
           {"file", {{"accept", ".jpg, .PNG"}}, {{"accept", "image/png,image/jpeg"}}}})
    CHECK(same(written(type, one), written(type, other)));
  CHECK(same(written("text", {}), written("search", {})));
  CHECK(same(written("select", {}, {"a", "b"}), written("select", {}, {"b", "a"})));
  for (const auto& [type, one, other] :
       std::initializer_list<std::tuple<const char*, Attributes, Attributes>>{
           {"text", {{"required", ""}}, {}},
           {"text", {{"maxlength", "9"}}, {}},
           {"text", {{"minlength", "9"}, {"value", "a"}}, {{"minlength", "9"}, {"value", "b"}}},
           {"text", {{"pattern", "a"}}, {}},
           {"text", {{"pattern", "a"}}, {{"pattern", "b"}}},
           {"email", {{"multiple", ""}}, {}},
           {"number", {{"value", "0.5"}}, {}},
           {"number", {{"step", "any"}}, {}},
           {"file", {{"accept", ".pdf"}}, {}},
           {"checkbox", {{"value", "a"}}, {{"value", "b"}}}})
    CHECK_FALSE(same(written(type, one), written(type, other)));
  CHECK_FALSE(same(written("select", {}, {"a"}), written("select", {}, {"a", "b"})));
  CHECK_FALSE(same(written("date", {}), written("month", {})));
  CHECK_FALSE(same(written("date", {}), written("text", {})));
}

TEST_CASE("a control whose values are few is one all the same") {
  CHECK(judged(written("text", {{"maxlength", "1"}}), {"a"}) == "a");
  CHECK(judged(written("email", {{"maxlength", "3"}}), {"a@b"}) == "a@b");
  CHECK(judged(written("number", {{"min", "5"}, {"max", "5"}}), {"5"}) == "5");
  CHECK(judged(written("range", {{"min", "5"}, {"max", "4"}}), {"5"}) == "5");
  CHECK(judged(written("number", {{"min", "5"}, {"max", "4"}}), {""}) == "");
  CHECK(judged(written("select", {}, {""}), {""}) == "");
  for (const auto& lengths :
       {std::map<std::string, std::string, std::less<>>{{"minlength", "5"}, {"maxlength", "3"}},
        {{"minlength", "2000"}},
        {{"maxlength", "0"}}})
    for (const char* type : {"text", "textarea", "email", "url"}) {
      CHECK(judged(written(type, lengths), {""}) == "");
      CHECK(judged(written(type, lengths), {"a@b.c"}).starts_with("["));
    }
  CHECK(judged(written("radio", {}), {"on"}) == "on");
  const ControlRules buttons(
      "x", {written("submit", {{"value", "go"}}), written("submit", {{"value", "go"}})});
  CHECK(judged(buttons, {"go"}) == "go");
}

TEST_CASE("a control that nobody can be asked for is refused with its line") {
  for (const auto& [controls, reason] :
       std::initializer_list<std::pair<std::vector<WrittenControl>, const char*>>{
           {{written("password", {})}, "password"},
           {{written("file", {{"multiple", ""}})}, "several files"},
           {{written("text", {{"pattern", "(a"}})}, "pattern"},
           {{written("text", {{"required", ""}, {"minlength", "9"}, {"maxlength", "3"}})},
            "no value"},
           {{written("text", {{"required", ""}, {"maxlength", "0"}})}, "no value"},
           {{written("email", {{"required", ""}, {"maxlength", "2"}})}, "no value"},
           {{written("url", {{"required", ""}, {"maxlength", "7"}})}, "no value"},
           {{written("hidden", {{"value", std::string(1001, 'a')}})},
            "no value: its own has more than 1000 characters"},
           {{written("text", {{"readonly", ""}, {"value", "a\x01"}})}, "control character"},
           {{written("file", {{"accept", "image/*, application/x-own"}})}, "application/x-own"},
           {{written("checkbox", {}), written("hidden", {})}, "twice"},
           {{written("hidden", {{"value", "none"}}), written("radio", {})}, "twice"},
           {{written("hidden", {}), written("text", {})}, "twice"},
           {{written("number", {{"required", ""}, {"min", "5"}, {"max", "4"}})},
            "no value: from 5 to 4"},
           {{written("date", {{"required", ""}, {"min", "2027-01-02"}, {"max", "2027-01-01"}})},
            "no value"},
           {{written("select", {})}, "no option"},
           {{written("select-multiple", {})}, "no option"},
           {{written("select", {{"required", ""}}, {"", ""})}, "no option"},
           {{written("radio", {{"value", ""}, {"required", ""}})}, "no option"},
           {{written("radio", {}), written("radio", {})}, "have the value \"on\""},
           {{written("checkbox", {{"value", "a"}}), written("checkbox", {{"value", "a"}})},
            "have the value \"a\""},
           {{written("text", {}), written("text", {})}, "twice"},
           {{written("radio", {}), written("checkbox", {})}, "twice"},
       }) {
    try {
      const ControlRules control("x", controls);
      FAIL("was taken");
    } catch (const WrongControl& wrong) {
      CHECK(std::string(wrong.what()).find(reason) != std::string::npos);
      CHECK(wrong.line == 7);
    }
  }
}

}  // namespace
}  // namespace actiond
