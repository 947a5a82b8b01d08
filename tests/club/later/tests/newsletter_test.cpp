#include "club.h"

namespace {

int readers(Club& club, const std::string& where) {
  return std::get<0>(
      *club.database.reader().row<int>("SELECT count(*) FROM readers WHERE " + where));
}

}  // namespace

TEST_CASE("whoever opens the mailed link and sends its page gets the newsletter") {
  Club club;
  CHECK(club.post("newsletter", {{"email", "zoe@example.com"}}).status() == 200);
  const auto code =
      std::get<0>(*club.database.reader().row<std::string>("SELECT code FROM readers"));
  CHECK(club.shows("/actions/confirm?code=" + code, "value=\"" + code + "\""));
  CHECK(readers(club, "confirmed") == 0);  // a link that a scanner opens confirms nothing
  CHECK(club.post("confirm", {{"code", "another"}}).status() == 404);
  CHECK(club.post("confirm", {{"code", code}}).status() == 200);
  CHECK(readers(club, "confirmed") == 1);
}
