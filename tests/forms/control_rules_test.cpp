// Controls of a page, and what they take.  tests/browser/controls.mjs compares them with Chromium.
#include "forms/control_rules.h"

#include <doctest/doctest.h>

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

TEST_CASE("a control whose values are few is one all the same") {
  CHECK(judged(written("text", {{"maxlength", "1"}}), {"a"}) == "a");
  CHECK(judged(written("email", {{"maxlength", "3"}}), {"a@b"}) == "a@b");
  CHECK(judged(written("number", {{"min", "5"}, {"max", "5"}}), {"5"}) == "5");
  CHECK(judged(written("range", {{"min", "5"}, {"max", "4"}}), {"5"}) == "5");
  CHECK(judged(written("number", {{"min", "5"}, {"max", "4"}}), {""}) == "");
  CHECK(judged(written("select", {}, {""}), {""}) == "");
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
           {{written("text", {{"minlength", "9"}, {"maxlength", "3"}})}, "no value"},
           {{written("text", {{"maxlength", "0"}})}, "no value"},
           {{written("email", {{"maxlength", "2"}})}, "no value"},
           {{written("url", {{"maxlength", "7"}})}, "no value"},
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
