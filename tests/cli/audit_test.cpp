#include "cli/audit.h"

#include <doctest/doctest.h>

#include "cli/since.h"

namespace actiond {
namespace {

const Time now = *from_rfc3339("2027-01-31T12:00:00Z");

const AuditedAction by_ada{7, now, "0af1", "order", 1, "ada@example.com", "data"};

TEST_CASE("a row is one line: a user is an address, a number when the account is gone, or nobody") {
  AuditedAction row = by_ada;
  CHECK(to_line(row) == "2027-01-31T12:00:00Z\t0af1\torder\tada@example.com\tdata");
  row.email = std::nullopt;
  CHECK(to_line(row) == "2027-01-31T12:00:00Z\t0af1\torder\tuser 1\tdata");
  row.user_id = std::nullopt;
  row.outcome = "session started";
  CHECK(to_line(row) == "2027-01-31T12:00:00Z\t0af1\torder\t-\tsession started");
}

TEST_CASE("a row is one JSON object") {
  AuditedAction row = by_ada;
  CHECK(to_json_line(row) ==
        R"({"time":"2027-01-31T12:00:00Z","requestId":"0af1","action":"order","userId":1,)"
        R"("user":"ada@example.com","outcome":"data"})");
  row.email = std::nullopt;
  row.user_id = std::nullopt;
  CHECK(to_json_line(row) ==
        R"({"time":"2027-01-31T12:00:00Z","requestId":"0af1","action":"order","userId":null,)"
        R"("user":null,"outcome":"data"})");
}

TEST_CASE("since takes a date, a time or a span") {
  struct Row {
    std::string text;
    std::string time;  // empty: refused
  };
  for (const Row& row : {Row{"2027-01-30", "2027-01-30T00:00:00Z"},
                         Row{"2027-01-30T10:20:30Z", "2027-01-30T10:20:30Z"},
                         Row{"90s", "2027-01-31T11:58:30Z"},
                         Row{"15m", "2027-01-31T11:45:00Z"},
                         Row{"2h", "2027-01-31T10:00:00Z"},
                         Row{"3d", "2027-01-28T12:00:00Z"},
                         Row{"1w", "2027-01-24T12:00:00Z"},
                         Row{"0s", "2027-01-31T12:00:00Z"},
                         Row{"", ""},
                         Row{"h", ""},
                         Row{"-2h", ""},
                         Row{"+2h", ""},
                         Row{"2", ""},
                         Row{"2 h", ""},
                         Row{"2.5h", ""},
                         Row{"2H", ""},
                         Row{"2y", ""},
                         Row{"99999999999h", ""},
                         Row{"yesterday", ""},
                         Row{"2027-02-30", ""},
                         Row{"2027-01-30T", ""}}) {
    CAPTURE(row.text);
    const auto since = from_since(row.text, now);
    CHECK((since ? to_rfc3339(*since) : "") == row.time);
  }
}

}  // namespace
}  // namespace actiond
