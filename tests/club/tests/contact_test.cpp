#include "club.h"

TEST_CASE("the committee reads what visitors write") {
  Club club;
  CHECK(club.post("contact", {{"email", "zoe@example.com"}, {"text", "May I row?"}}).status() ==
        200);
  CHECK(club.shows("/actions/letters", "May I row?", club.chair));
  CHECK(club.get("/actions/letters", club.ada).status() == 403);
}
