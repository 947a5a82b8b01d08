// The demo as a site: who may do what, and what it says of its tables.
#include "levels.h"
#include "personal.h"

TEST_CASE("an action of the demo refuses those who lack what it asks for") {
  actiond::test::check_levels();
}

TEST_CASE("the demo says of each of its texts whether it tells of people") {
  actiond::test::check_personal_columns();
}
