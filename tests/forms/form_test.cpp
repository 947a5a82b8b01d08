#include "forms/form.h"

#include <doctest/doctest.h>

#include <limits>

#include "http/words.h"
#include "support.h"

namespace actiond {
namespace {

using test::repeat;

const std::string required = "This field is required.";
const std::string bad_email = "Enter an email address, such as ada@example.com.";
const std::string bad_url = "Enter a web address, such as https://example.com.";

// "=VALUE", or the message.
std::string text(std::string_view value, const Rules& rules) {
  const auto read = read_text(value, rules);
  if (const auto* wrong = std::get_if<Wrong>(&read)) return in_english(wrong->message);
  return "=" + std::get<std::string>(read);
}

std::string number(std::string_view value, const Rules& rules) {
  const auto read = read_number(value, rules);
  if (const auto* wrong = std::get_if<Wrong>(&read)) return in_english(wrong->message);
  const auto found = std::get<0>(read);
  return found ? std::to_string(*found) : "nothing";
}

std::string list(std::vector<std::string> values, const Rules& rules) {
  const auto read = read_list(std::move(values), rules);
  if (const auto* wrong = std::get_if<Wrong>(&read)) return in_english(wrong->message);
  std::string line;
  for (const std::string& value : std::get<0>(read)) line += "=" + value;
  return line;
}

TEST_CASE("a text is kept as it was sent, its line breaks as LF whoever sent it") {
  struct Row {
    std::string sent, kept;
  };
  for (const Row& row : {Row{"", ""}, Row{"a", "a"}, Row{" a ", " a "}, Row{"  ", "  "},
                         Row{"\xC3\xA9\t", "\xC3\xA9\t"}, Row{"a\r\nb\n", "a\nb\n"},
                         Row{"\r\r\n\n\r", "\n\n\n\n"}}) {
    CAPTURE(row.sent);
    CHECK(text(row.sent, {}) == "=" + row.kept);
  }
}

TEST_CASE("a required text forbids nothing and blanks") {
  for (const std::string value : {"", " ", "\t\r\n"})
    CHECK(text(value, {.required = true}) == required);
  CHECK(text("0", {.required = true}) == "=0");
}

TEST_CASE("a text of one line loses the breaks that no browser leaves in an input") {
  const Rules rules{.required = true, .max = 3, .one_line = true};
  CHECK(text("a\r\nb\n\xC2\x85\x0B"
             "c",
             rules) == "=abc");
  CHECK(text("\r\n", rules) == required);
}

TEST_CASE("a text's length is counted in characters, a line break once") {
  const Rules rules{.min = 2, .max = 3};
  struct Row {
    std::string value;
    bool allowed;
  };
  for (const Row& row :
       {Row{"", true}, Row{"a", false}, Row{"ab", true}, Row{"abc", true}, Row{"abcd", false},
        Row{"\xF0\x9F\x98\x80", false}, Row{"\xF0\x9F\x98\x80\xE2\x82\xAC\xC3\xA9", true},
        Row{"a\r\nb", true}, Row{"a\n\nb", false}, Row{"a\r\n\r\nb", false}}) {
    CAPTURE(row.value);
    CHECK(text(row.value, rules).starts_with("=") == row.allowed);
  }
  CHECK(text("a", rules) == "Use at least 2 characters.");
  CHECK(text("abcd", rules) == "Use at most 3 characters.");
}

TEST_CASE("an address by the HTML standard is allowed, after the blanks around it are gone") {
  for (const std::string& value :
       {std::string("ada@example.com"), std::string("a@b"), std::string("A.b+c_d-e@x-y.example"),
        std::string("!#$%&'*+/=?^_`{|}~-.@x"), "a@" + repeat("x", 63) + ".y",
        std::string("a@1.2")}) {
    CAPTURE(value);
    CHECK(text(value, {.format = Format::Email}) == "=" + value);
    CHECK(text(" " + value + "\n", {.format = Format::Email}) == "=" + value);
  }
  CHECK(text("  ", {.format = Format::Email}) == "=");
}

TEST_CASE("what is no address is forbidden") {
  for (const std::string& value :
       {std::string("a"), std::string("@b"), std::string("a@"), std::string("a@b@c"),
        std::string("a b@c"), std::string("a@b c"), std::string("a@.b"), std::string("a@b."),
        std::string("a@b..c"), std::string("a@-b"), std::string("a@b-"), std::string("a@b_c"),
        std::string("a,b@c"), std::string("<a@b>"), std::string("\"a\"@b"),
        std::string("\xC3\xA9@b"), std::string("a@\xC3\xA9"), std::string("a@b\r\nBcc: c@d"),
        "a@" + repeat("x", 64)}) {
    CAPTURE(value);
    CHECK(text(value, {.format = Format::Email}) == bad_email);
  }
}

TEST_CASE("a web address is allowed") {
  for (const std::string value : {"https://example.com",
                                  "http://a",
                                  "HTTPS://Example.COM/x",
                                  "https://a.b:8080/c?d=e&f#g",
                                  "https://a:1",
                                  "https://a:65535/",
                                  "https://a/%20",
                                  "https://xn--bcher-kva.example/",
                                  "https://b\xC3\xBC"
                                  "cher.example/",
                                  "https://127.0.0.1/",
                                  "https://a?b",
                                  "https://my_shop.example.com",
                                  "https://example.com.",
                                  "https://-a",
                                  "https://a:0",
                                  "https://a:/",
                                  "http://1.2.3.4./",
                                  "http://1.2",
                                  "http://0x7f.1/",
                                  "http://010.1",
                                  "http://4294967295",
                                  "http://1.a",
                                  "http://0xg"}) {
    CAPTURE(value);
    CHECK(text(value, {.format = Format::Url}) == std::string("=") + value);
  }
}

TEST_CASE("what is no web address is forbidden") {
  for (const std::string value : {"example.com",
                                  "//example.com",
                                  "ftp://a",
                                  "javascript:alert(1)",
                                  "javascript://a/%0aalert(1)",
                                  "data:text/html,x",
                                  "https:a",
                                  "https:/a",
                                  "https://",
                                  "https:///a",
                                  "https://?a",
                                  "https://a b",
                                  "https://a/\"onload=",
                                  "https://a/<b>",
                                  "https://a\\b",
                                  "https://user:pass@a",
                                  "https://a@b",
                                  "https://.a",
                                  "https://a..b",
                                  "https://a..",
                                  "https://.",
                                  "https://a!b",
                                  "https://\xC2\xAD",
                                  "http://1.2.3.4.5",
                                  "http://256.1.1.1",
                                  "http://08.1",
                                  "http://a.1",
                                  "http://1.2.3.256",
                                  "http://1.65536.1",
                                  "http://4294967296",
                                  "http://a.0x1",
                                  "https://a:65536",
                                  "https://a:x",
                                  "https://a:1x",
                                  "https://a:+1",
                                  "https://a:99999999999",
                                  "https://a/\tb"}) {
    CAPTURE(value);
    CHECK(text(value, {.format = Format::Url}) == bad_url);
  }
}

TEST_CASE("a password is neither trimmed nor cut, and its longest counted in bytes") {
  const Rules rules{.required = true, .min = 8, .max = 16, .format = Format::Password};
  CHECK(text("", rules) == required);
  CHECK(text("        ", rules) == "=        ");
  CHECK(text(" secret ", rules) == "= secret ");
  CHECK(text("\r\nsecret", rules) == "=\r\nsecret");
  CHECK(text("1234567", rules) == "Use at least 8 characters.");
  CHECK(text(repeat("\xC3\xA9", 8), rules) == "=" + repeat("\xC3\xA9", 8));
  CHECK(text(repeat("\xC3\xA9", 8) + "x", rules) == "Use at most 16 bytes.");
}

TEST_CASE("P18 the characters of a password are counted, whatever bytes each takes") {
  const Rules rules{.min = 8, .max = 64, .format = Format::Password};
  CHECK(text("\xF0\x9F\x98\x80\xF0\x9F\x98\x80", rules) == "Use at least 8 characters.");
  CHECK(text(repeat("\xC3\xA9", 4), rules) == "Use at least 8 characters.");
  CHECK(text(repeat("\xE2\x82\xAC", 7), rules) == "Use at least 8 characters.");
  CHECK(text(repeat("\xE2\x82\xAC", 8), rules) == "=" + repeat("\xE2\x82\xAC", 8));
}

TEST_CASE("P19 a required text forbids what nobody can see") {
  for (const std::string blank :
       {"\xE3\x80\x80", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\x8D\xE2\x81\xA0", "\xEF\xBB\xBF",
        "\xC2\xAD", "\xE3\x85\xA4", "\xEF\xBE\xA0", "\xE1\x85\x9F", "\xE2\x80\xA8", "\xE2\x80\xAE",
        "\xF3\xA0\x81\x81", "\xEF\xB8\x8F", "\xC2\x85", "\v\f", " \xC2\xA0\xE3\x80\x80\r\n"}) {
    CAPTURE(blank);
    CHECK(text(blank, {.required = true}) == required);
  }
  for (const std::string seen :
       {"\xE3\x80\x81", "\xC2\xA0x", "\xE2\x80\x8B\xC3\xA9", "\xE2\xA0\x80",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", "\xEF\xBF\xBD"}) {
    CAPTURE(seen);
    CHECK(text(seen, {.required = true}) == "=" + seen);
  }
}

TEST_CASE("P10 a vertical tab, a form feed and a next line are line breaks") {
  CHECK(text("a\vb\fc\xC2\x85"
             "d\r\ne",
             {}) == "=a\nb\nc\nd\ne");
}

TEST_CASE("one of a list allows its options and nothing else") {
  const Rules rules{.one_of = {"red", "green"}};
  CHECK(text("red", rules) == "=red");
  CHECK(text("", rules) == "=");
  for (const std::string value : {"Red", "red ", "re", "redgreen", "blue", " "})
    CHECK(text(value, rules) == "Choose one of the options.");
}

TEST_CASE("a message of the form replaces the standard ones") {
  const Rules rules{
      .required = true, .min = 2, .max = 3, .format = Format::Email, .message = "Mine."};
  for (const std::string value : {"", "a", "a@b.c", "a-b"}) CHECK(text(value, rules) == "Mine.");
  CHECK(number("x", {.message = "Mine."}) == "Mine.");
  // A name may use the values of the message that it replaces.
  CHECK(number("9", {.min = 1, .max = 5, .message = "field.number_between"}) ==
        "Enter a whole number from 1 to 5.");
}

TEST_CASE("a whole number within its bounds is allowed") {
  struct Row {
    std::string value;
    std::string read;
  };
  const Rules rules{.min = -5, .max = 20};
  for (const Row& row :
       {Row{"1", "1"}, Row{" 20 ", "20"}, Row{"-5", "-5"}, Row{"0", "0"}, Row{"007", "7"},
        Row{"", "nothing"}, Row{" ", "nothing"},
        // P9: a number input holds each of these valid.
        Row{"5.0", "5"}, Row{"-5.00", "-5"}, Row{"1e1", "10"}, Row{"2E+0", "2"}, Row{"50e-1", "5"},
        Row{".5e1", "5"}, Row{"0.02e3", "20"}, Row{"-0", "0"}, Row{"0e7", "0"}, Row{"0.000", "0"},
        Row{"0000000000000000000000001", "1"}, Row{"1.0000000000000000000000000", "1"}}) {
    CAPTURE(row.value);
    CHECK(number(row.value, rules) == row.read);
  }
  CHECK(number("", {.required = true}) == required);
}

TEST_CASE("what is no whole number within its bounds is forbidden") {
  for (const std::string value : {"21",
                                  "-6",
                                  "1.5",
                                  "5e-1",
                                  "21.0",
                                  "1.",
                                  ".",
                                  "e1",
                                  "1e",
                                  "1e+",
                                  "1e+-1",
                                  "1e99",
                                  "1e999999999999",
                                  "-.",
                                  "1,0",
                                  "1.0.0",
                                  "+1",
                                  "0x1",
                                  "1 2",
                                  "1x",
                                  "x",
                                  "-",
                                  "--1",
                                  "99999999999999999999",
                                  "\xD9\xA1",
                                  "true"}) {
    CAPTURE(value);
    CHECK(number(value, {.min = -5, .max = 20}) == "Enter a whole number from -5 to 20.");
  }
}

TEST_CASE("a number without a bound is as large as a number can be") {
  CHECK(number("201", {}) == "201");
  CHECK(number("9223372036854775807", {}) == "9223372036854775807");
  CHECK(number("9223372036854775.807e3", {}) == "9223372036854775807");
  CHECK(number("9223372036854775808", {}) == "Enter a whole number, 0 or more.");
  CHECK(number("-1", {}) == "Enter a whole number, 0 or more.");
  CHECK(number("-9223372036854775808", {.min = std::numeric_limits<std::int64_t>::min()}) ==
        "-9223372036854775808");
}

TEST_CASE("a checkbox is on or off") {
  for (const std::string value : {"on", "true", "yes", "1", "ON"})
    CHECK(std::get<bool>(read_checkbox(value, {})));
  for (const std::string value : {"", "off", "false", "no", "0"})
    CHECK_FALSE(std::get<bool>(read_checkbox(value, {})));
  for (const std::string value : {"", "off"})
    CHECK(in_english(std::get<Wrong>(read_checkbox(value, {.required = true})).message) ==
          required);
}

TEST_CASE("P7 a ticked checkbox may send whatever its author chose") {
  for (const std::string value : {"Y", "2", "agree", "I agree to the terms", "\xC3\xA9"})
    CHECK(std::get<bool>(read_checkbox(value, {.required = true})));
}

TEST_CASE("a list keeps its values in order and drops empty ones") {
  CHECK(list({}, {}) == "");
  CHECK(list({"b", "a", "b"}, {}) == "=b=a=b");
  CHECK(list({"", "a", ""}, {}) == "=a");
  CHECK(list({"red", "blue"}, {.one_of = {"red"}}) == "Choose one of the options.");
  CHECK(list({"a", "abcd"}, {.max = 3}) == "Use at most 3 characters.");
}

TEST_CASE("a required list forbids nothing, and allows something beside an empty value") {
  CHECK(list({}, {.required = true}) == required);
  CHECK(list({""}, {.required = true}) == required);
  CHECK(list({"", "a"}, {.required = true}) == "=a");
}

}  // namespace
}  // namespace actiond
