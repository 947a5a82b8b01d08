#include "club.h"

TEST_CASE(
    "members who have paid place adverts, everybody reads them, and their owner removes them") {
  Club club;
  const actiond::test::Fields boat{{"title", "A boat"}, {"text", "Nearly dry"}};
  CHECK(club.post("advert", boat, club.ada).status() == 402);
  club.grant("ada@example.com", actiond::forever);
  CHECK(club.post("advert", boat, club.ada).status() == 200);
  CHECK(club.shows("/actions/adverts?q=DRY", "A boat"));
  CHECK_FALSE(club.shows("/actions/adverts?q=car", "A boat"));
  CHECK(club.shows("/actions/my-adverts", "A boat", club.ada));
  CHECK_FALSE(club.shows("/actions/my-adverts", "A boat", club.bo));
  CHECK(club.post("my-adverts", {{"id", "1"}}, club.bo).status() == 404);
  CHECK(club.post("my-adverts", {{"id", "1"}}, club.ada).status() == 200);
  CHECK_FALSE(club.shows("/actions/adverts", "A boat"));
}
