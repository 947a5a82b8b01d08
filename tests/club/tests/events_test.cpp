#include <doctest/doctest.h>
#include <site_under_test.h>

using namespace actiond::test;

TEST_CASE("everybody sees what is planned, the next first, and of one kind alone if asked") {
  SiteUnderTest site;
  site.change([](actiond::Transaction& tx) {
    tx.run(
        "INSERT INTO events (title, kind, day, places) VALUES ('Row', 'regatta', '2099-07-02', 9),"
        " ('Dance', 'party', '2099-07-01', 9), ('Past', 'party', '1999-07-01', 9)");
  });
  const std::string all = site.get("/actions/events").body;
  CHECK(all.find("Dance") < all.find("Row"));
  CHECK(all.find("Past") == all.npos);
  const std::string parties = site.get("/actions/events?kind=party").body;
  CHECK(parties.find("Dance") != parties.npos);
  CHECK(parties.find("Row") == parties.npos);
  CHECK(site.get("/actions/events?kind=war").status() == 422);
}

TEST_CASE("the committee announces an event") {
  SiteUnderTest site;
  const std::string ada = site.sign_up("ada@example.com");
  const Fields event{{"title", "Row"}, {"kind", "regatta"}, {"day", "2099-07-02"}, {"places", "9"}};
  CHECK(site.post("add-event", event, ada).status() == 403);
  site.permit("ada@example.com", "committee", actiond::forever);
  CHECK(site.post("add-event", event, ada).status() == 200);
  CHECK(site.all_rows()["events"].find("'Row'") != std::string::npos);
}
