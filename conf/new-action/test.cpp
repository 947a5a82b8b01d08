#include <doctest/doctest.h>
#include <site_under_test.h>

using actiond::test::SiteUnderTest;

TEST_CASE("@NAME@ stores what is sent") {
  SiteUnderTest site;
@VISITOR@  CHECK(site.post("@NAME@", {@SENT@}@COOKIE@).status() == 200);
  CHECK_FALSE(site.all_rows()["@TABLE@"].empty());
}
