#include "club.h"

TEST_CASE("a member changes the own entry, and nobody else's") {
  Club club;
  club.book("ada", "1", club.ada);
  CHECK(club.shows("/actions/entry?id=1", "value=\"ada\"", club.ada));
  CHECK(club.get("/actions/entry?id=1", club.bo).status() == 404);
  CHECK(club.post("entry", {{"id", "1"}, {"name", "mine"}, {"people", "1"}}, club.bo).status() ==
        404);
  CHECK(club.post("entry", {{"id", "1"}, {"name", "Ada L."}, {"people", "2"}}, club.ada).status() ==
        200);
  CHECK(club.all_rows()["entries"].find("'Ada L.'") != std::string::npos);
}
