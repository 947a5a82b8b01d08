#include "club.h"

TEST_CASE("the committee searches and cancels entries, and nobody else does") {
  Club club;
  club.book("zoe", "1");
  club.book("ada", "1", club.ada);
  CHECK(club.get("/actions/entries", club.ada).status() == 403);
  CHECK(club.shows("/actions/entries?q=ZOE&event=1&order=name", "zoe", club.chair));
  CHECK_FALSE(club.shows("/actions/entries?q=ZOE&event=1&order=name", "ada@", club.chair));
  CHECK(club.post("cancel", {{"id", "1"}}, club.ada).status() == 403);
  CHECK(club.post("cancel", {{"id", "1"}}, club.chair).status() == 200);
  CHECK(club.post("cancel", {{"id", "1"}}, club.chair).status() == 404);
  CHECK_FALSE(club.shows("/actions/entries", "zoe", club.chair));
}

TEST_CASE("entries come in the order that is asked for") {
  Club club;
  for (const std::string name : {"bo", "ada", "cy"}) club.book(name, "1");
  const auto order = [&](const std::string& by) {
    const std::string body = club.get("/actions/entries?order=" + by, club.chair).body;
    std::map<std::size_t, char> found;
    for (const std::string name : {"bo@", "ada@", "cy@"}) found[body.find(name)] = name[0];
    std::string letters;
    for (const auto& [at, letter] : found) letters += letter;
    return letters;
  };
  CHECK(order("name") == "abc");
  CHECK(order("id") == "cab");
}
