#include "club.h"

TEST_CASE("everybody takes part, while there are places") {
  Club club;
  CHECK(club.book("zoe", "4") == 200);
  CHECK(club.book("yan", "3") == 422);
  CHECK(club.book("yan", "2") == 200);
  CHECK(club.book("xi", "1") == 422);
  CHECK(club.get("/actions/book?id=2").status() == 404);
}

TEST_CASE("a member's form is filled in, and the entry is the member's") {
  Club club;
  CHECK(club.shows("/actions/book?id=1", "value=\"ada@example.com\"", club.ada));
  CHECK_FALSE(club.shows("/actions/book?id=1", "@example.com"));
  CHECK(club.book("ada", "1", club.ada) == 200);
  CHECK(club.shows("/actions/my-entries", "Head race", club.ada));
  CHECK_FALSE(club.shows("/actions/my-entries", "Head race", club.bo));
}
