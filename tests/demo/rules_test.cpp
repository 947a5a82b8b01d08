// The demo as a site: who may do what, and what it says of its tables.
#include "levels.h"
#include "personal.h"
#include "site_under_test.h"

TEST_CASE("an action of the demo refuses those who lack what it asks for") {
  actiond::test::check_levels();
}

TEST_CASE("the demo says of each of its texts whether it tells of people") {
  actiond::test::check_personal_columns();
}

TEST_CASE("a user's own reports are found by an index, in the order of the list") {
  actiond::test::SiteUnderTest site;
  std::string plan;
  site.database.reader().each_row(
      "EXPLAIN QUERY PLAN SELECT id, topic FROM reports WHERE user_id = 1 ORDER BY id DESC LIMIT "
      "20",
      {}, [&](actiond::Reader::Row row) {
        plan += actiond::test::shown(row.back());
        return true;
      });
  CHECK(plan == "'SEARCH reports USING INDEX reports_by_user (user_id=?)'");
}
