#include "base/time.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace actiond {
namespace {

using namespace std::string_literals;

TEST_CASE("a time written is the time read") {
  struct Row {
    long long seconds;
    std::string text;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00Z"}, Row{1801439999, "2027-01-31T23:59:59Z"},
        Row{951782400, "2000-02-29T00:00:00Z"}, Row{4102444800, "2100-01-01T00:00:00Z"}}) {
    CAPTURE(row.text);
    const Time time{std::chrono::seconds(row.seconds)};
    CHECK(to_rfc3339(time) == row.text);
    CHECK(from_rfc3339(row.text) == time);
  }
  CHECK(from_rfc3339(to_rfc3339(forever)) == forever);
}

TEST_CASE("a date alone is its last second") {
  CHECK(from_rfc3339("2027-01-31") == from_rfc3339("2027-01-31T23:59:59Z"));
}

TEST_CASE("what is no time is forbidden") {
  for (const std::string& text : {""s,
                                  "2027"s,
                                  "2027-01"s,
                                  "2027-02-29"s,
                                  "2027-13-01"s,
                                  "2027-00-10"s,
                                  "2027-01-00"s,
                                  "2027-1-31"s,
                                  "27-01-31"s,
                                  "2027-01-31T"s,
                                  "2027-01-31T10:00:00"s,
                                  "2027-01-31T10:00Z"s,
                                  "2027-01-31T24:00:00Z"s,
                                  "2027-01-31T10:60:00Z"s,
                                  "2027-01-31T10:00:60Z"s,
                                  "2027-01-31T10:00:00+01:00"s,
                                  "2027-01-31t10:00:00z"s,
                                  "2027-01-31 "s,
                                  " 2027-01-31"s,
                                  "2027-01-31x"s,
                                  "2027/01/31"s,
                                  "tomorrow"s,
                                  "2027-01-31\0"s,
                                  "-2027-01-31"s,
                                  "2027-01--1"s,
                                  "20270-01-31"s}) {
    CAPTURE(text);
    CHECK_FALSE(from_rfc3339(text));
  }
}

TEST_CASE("a time is written to the minute for people") {
  CHECK(to_minute(Time{std::chrono::seconds(1801439999)}) == "2027-01-31 23:59");
  CHECK(to_minute(forever) == "9999-12-31 00:00");
}

TEST_CASE("each day of the calendar has one text, and it is read back") {
  using namespace std::chrono;
  std::string before = "1799-12-31";
  // 400 years, in which the calendar comes round.
  for (sys_days day = year(1800) / 1 / 1; day < sys_days(year(2200) / 1 / 1); day += days(1)) {
    const std::string text = to_rfc3339(Date{day});
    // One assertion a day would take longer than the days.
    if (text <= before || date_from_rfc3339(text) != Date{day}) FAIL(text);
    before = text;
  }
  CHECK(before == "2199-12-31");
}

TEST_CASE("a date has a year of four digits, or no text") {
  using namespace std::chrono;
  CHECK(date_from_rfc3339("0000-01-01") == year(0) / 1 / 1);
  CHECK(to_rfc3339(Date{year(9999) / 12 / 31}) == "9999-12-31");
  for (const Date date :
       {Date{year(10000) / 1 / 1}, Date{year(-1) / 12 / 31}, Date{year(2023) / 2 / 29}, Date{}})
    CHECK_THROWS_AS(to_rfc3339(date), std::logic_error);
}

TEST_CASE("what is no date is forbidden") {
  for (const std::string& text :
       {""s,           "2027"s,          "2027-1-31"s,     "2027-01-1"s,     "27-01-31"s,
        "2023-02-29"s, "1900-02-29"s,    "2027-13-01"s,    "2027-00-10"s,    "2027-01-00"s,
        "2027-04-31"s, "10000-01-01"s,   "-001-01-01"s,    "+027-01-01"s,    "2027-01-+1"s,
        "2027-01--1"s, "2027/01/31"s,    "20270131"s,      " 2027-01-31"s,   "2027-01-31 "s,
        "2027-01-3 "s, "2027- 1-31"s,    "2027-01-31\0"s,  "2027-01-3\0"s,   "2027-W04-7"s,
        "31-01-2027"s, "2027-01-31T00"s, "\uFF12027-1-1"s, "2027-01-\uFF15"s}) {
    CAPTURE(text);
    CHECK_FALSE(date_from_rfc3339(text));
  }
  for (const std::string text : {"0000-01-01", "0000-02-29", "2000-02-29", "2024-02-29"})
    CHECK(date_from_rfc3339(text));
}

}  // namespace
}  // namespace actiond
