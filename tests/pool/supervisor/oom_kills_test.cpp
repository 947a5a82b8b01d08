#include "pool/supervisor/oom_kills.h"

#include <doctest/doctest.h>

#include "support.h"

using namespace actiond;

TEST_CASE("a kill for memory is seen once, whichever file of the kernel counts it") {
  const test::TemporaryFolder folder;
  for (const std::string before : {"low 0\nhigh 7\nmax 9\noom 3\noom_kill ", "oom_kill "}) {
    CAPTURE(before);
    test::write_file(folder / "events", before + "2\noom_group_kill 0\n");
    OomKills kills(folder / "events");
    CHECK(!kills.have_grown());
    test::write_file(folder / "events", before + "3\noom_group_kill 0\n");
    CHECK(kills.have_grown());
    CHECK(!kills.have_grown());
  }
}

TEST_CASE("the kernel's own file says that nobody was killed for memory now") {
  CHECK(!OomKills().have_grown());
  CHECK(!OomKills("/no/such/file").have_grown());
}
