#include "base/time.h"

#include <doctest/doctest.h>

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

}  // namespace
}  // namespace actiond
