#include "pool/worker/long_works.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <list>

namespace actiond {
namespace {

using Turn = LongWorks::Turn;

struct Guests {
  Counters counters{{}};
  std::list<Guest> all;

  Guest& next() {
    return all.emplace_back(Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), counters);
  }
};

TEST_CASE("so many run at a time, and the others wait in the order in which they came") {
  Guests guests;
  LongWorks works(2);
  CHECK(works.begin(guests.next(), "a") == Turn::Now);
  CHECK(works.begin(guests.next(), "a") == Turn::Now);
  Guest& third = guests.next();
  Guest& fourth = guests.next();
  CHECK(works.begin(third, "a") == Turn::Later);
  CHECK(works.begin(fourth, "a") == Turn::Later);
  CHECK(works.end() == &third);
  CHECK(works.end() == &fourth);
  CHECK(works.end() == nullptr);
  CHECK(works.begin(guests.next(), "a") == Turn::Now);
}

TEST_CASE("S37 networks take turns: one with a thousand works holds another up for one") {
  Guests guests;
  LongWorks works(1);
  CHECK(works.begin(guests.next(), "flood") == Turn::Now);
  for (int at = 0; at < 1000; ++at) CHECK(works.begin(guests.next(), "flood") == Turn::Later);
  Guest& first = guests.next();
  Guest& second = guests.next();
  CHECK(works.begin(first, "quiet") == Turn::Later);
  CHECK(works.begin(second, "quiet") == Turn::Later);
  int turns = 0;
  const auto turns_until = [&](const Guest* guest) {
    for (turns = 1; works.end() != guest;) ++turns;
    return turns;
  };
  CHECK(turns_until(&first) <= 2);
  CHECK(turns_until(&second) == 2);
}

}  // namespace
}  // namespace actiond
