#include "base/encoding.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

namespace actiond {
namespace {

using namespace std::string_literals;

TEST_CASE("base64url keeps every text, by the vectors of RFC 4648") {
  struct Row {
    std::string bytes, text;
  };
  for (const Row& row : {Row{"", ""}, Row{"f", "Zg"}, Row{"fo", "Zm8"}, Row{"foo", "Zm9v"},
                         Row{"foob", "Zm9vYg"}, Row{"fooba", "Zm9vYmE"}, Row{"foobar", "Zm9vYmFy"},
                         Row{"\xFB\xFF\xFE", "-__-"}, Row{"\0\0"s, "AAA"}}) {
    CAPTURE(row.text);
    CHECK(to_base64url(row.bytes) == row.text);
    CHECK(from_base64url(row.text) == row.bytes);
  }
}

TEST_CASE("base64url forbids every second spelling of a value") {
  for (const std::string& text :
       {"Zg=="s, "Zg="s, "Zh"s, "Zm9"s, "Z"s, "="s, "===="s, "+__-"s, "-_/-"s, " Zm9v"s, "Zm9v "s,
        "Zm9v\n"s, "Zm\n9v"s, "    "s, "Zm9v===="s, "Zm9v.Zm8"s, "Zm9v\0"s, "\xC3\xA9zz"s}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("a text in JSON is written as nlohmann does, and never breaks out of its quotes") {
  const auto written = [](std::string_view text) {
    std::string json = "[";
    append_json(json, text);
    return json.substr(1);
  };
  std::string all;
  for (char c = 0; c >= 0 && c < 127; ++c) all += c;
  for (const std::string& text :
       {""s, all, "\x7F"s, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xE2\x80\xA8"s}) {
    CAPTURE(text);
    CHECK(written(text) == nlohmann::json(text).dump());
  }
  CHECK(written("a\xFF\xC3\"\xED\xA0\x80") ==
        "\"a\xEF\xBF\xBD\xEF\xBF\xBD\\\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("characters are counted as code points, a line break once") {
  struct Row {
    std::string text;
    std::size_t count;
  };
  for (const Row& row :
       {Row{"", 0}, Row{"abc", 3}, Row{"\xC3\xA9", 1}, Row{"\xE2\x82\xAC", 1},
        Row{"\xF0\x9F\x98\x80", 1}, Row{"e\xCC\x81", 2}, Row{"\r\n", 1}, Row{"\n\r", 2},
        Row{"\r\r\n\n", 3}, Row{"a\r\nb", 3}, Row{"\0"s, 1},
        // The first and last code point of each length, and around the surrogates.
        Row{"\xC2\x80\xDF\xBF", 2}, Row{"\xE0\xA0\x80\xEF\xBF\xBF", 2},
        Row{"\xED\x9F\xBF\xEE\x80\x80", 2}, Row{"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 2}}) {
    CAPTURE(row.text);
    CHECK(count_characters(row.text) == row.count);
  }
}

TEST_CASE("text that is not UTF-8 is forbidden") {
  for (const std::string text : {"\x80",
                                 "\xBF",
                                 "\xC0\x80",
                                 "\xC1\xBF",
                                 "\xE0\x80\x80",
                                 "\xE0\x9F\xBF",
                                 "\xED\xA0\x80",
                                 "\xED\xBF\xBF",
                                 "\xF0\x80\x80\x80",
                                 "\xF0\x8F\xBF\xBF",
                                 "\xF4\x90\x80\x80",
                                 "\xF5\x80\x80\x80",
                                 "\xF8\x88\x80\x80\x80",
                                 "\xFE",
                                 "\xFF",
                                 "\xC3",
                                 "\xE2\x82",
                                 "\xF0\x9F\x98",
                                 "\xC3(",
                                 "\xE2(\xAC",
                                 "\xE2\x82(",
                                 "good \xC3",
                                 "\xC3\xA9\xA9"}) {
    CAPTURE(text);
    CHECK_FALSE(count_characters(text));
  }
}

TEST_CASE("every control character is noticed but tab and line breaks") {
  for (int byte = 0; byte <= 0x7F; ++byte) {
    CAPTURE(byte);
    const std::string text = "a"s + static_cast<char>(byte) + "b";
    const bool control =
        (byte < ' ' && byte != '\t' && byte != '\r' && byte != '\n') || byte == 127;
    CHECK(has_control_character(text) == control);
  }
}

TEST_CASE("the control characters of Latin-1 are noticed, their neighbours are not") {
  struct Row {
    std::string text;
    bool control;
  };
  for (const Row& row :
       {Row{"\xC2\x80", true}, Row{"\xC2\x85", true}, Row{"\xC2\x9F", true}, Row{"\xC2\xA0", false},
        Row{"\xC3\x80", false}, Row{"\xC4\x80", false}, Row{"\xE2\x80\xA8", false}}) {
    CAPTURE(row.text);
    CHECK(has_control_character(row.text) == row.control);
  }
}

TEST_CASE("on one line nothing commands a terminal or turns the text around it") {
  for (const std::string_view bad :
       {"\x1b", "\n", "\x7f", "\xC2\x9B", "\u2028", "\u202A", "\u202E", "\u2066", "\u2069", "\xFF"})
    CHECK(to_one_line(fmt::format("a{}b", bad)) == "a\uFFFDb");
  for (const std::string_view good :
       {"\u2027", "\u202F", "\u2065", "\u206A", "\u00E4", "\U0001F600"})
    CHECK(to_one_line(good) == good);
  CHECK(to_escaped_line("a\\b\n\tc\u202Egpj\u2066\xC2\x9B\xFF \u00E4\\") ==
        "a\\\\b\\x0a\\x09c\\u202egpj\\u2066\\u009b\\xff \u00E4\\\\");
  CHECK(to_escaped_line("").empty());
}

TEST_CASE("percent-encoding keeps unreserved characters and '/'") {
  CHECK(to_percent_encoded("aZ09-._~/") == "aZ09-._~/");
  CHECK(to_percent_encoded("a b?&=#%+\"\xC3\xBC\n"s + '\0') ==
        "a%20b%3F%26%3D%23%25%2B%22%C3%BC%0A%00");
}

TEST_CASE("a percent-encoded byte is read in either case, and only whole") {
  struct Row {
    std::string text;
    int byte;
  };
  for (const Row& row : {Row{"%00", 0}, Row{"%fF", 255}, Row{"%2Frest", 47}, Row{"%", -1},
                         Row{"%2", -1}, Row{"%g0", -1}, Row{"%0g", -1}, Row{"2F%", -1},
                         Row{"%+1", -1}, Row{"% 1", -1}, Row{"", -1}}) {
    CAPTURE(row.text);
    CHECK(percent_byte(row.text) == row.byte);
  }
}

TEST_CASE("HTML keeps its meaning from no character of a text") {
  CHECK(to_html("<a href=\"x\" title='y'>&amp;</a>") ==
        "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  CHECK(to_html("\xC3\xA9 \xFF /=`") == "\xC3\xA9 \xFF /=`");
}

TEST_CASE("trimming takes ASCII white space off both ends only") {
  CHECK(trimmed(" \t\r\n\fa b\f \n") == "a b");
  CHECK(trimmed(" \t ") == "");
  CHECK(trimmed("\xC2\xA0x\v") == "\xC2\xA0x\v");
}

TEST_CASE("lower case changes ASCII letters only") {
  CHECK(to_lower("AZ az @[`{ \xC3\x89") == "az az @[`{ \xC3\x89");
}

}  // namespace
}  // namespace actiond
