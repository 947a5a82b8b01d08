#include <doctest/doctest.h>
#include <site_under_test.h>

using actiond::test::SiteUnderTest;

TEST_CASE("whoever signs the guestbook is in it") {
  SiteUnderTest site;
  CHECK(site.post("guestbook", {{"name", "Ada"}, {"message", "Hello"}}).status() == 200);
  const std::string page = site.get("/actions/guestbook", "", "text/html").body;
  CHECK(page.find("Ada") != std::string::npos);
}

TEST_CASE("an entry without a message is not kept") {
  SiteUnderTest site;
  CHECK(site.post("guestbook", {{"name", "Ada"}, {"message", ""}}).status() == 422);
  CHECK(site.all_rows()["guestbook"].empty());
}
