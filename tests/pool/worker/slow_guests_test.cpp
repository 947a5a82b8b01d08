#include "pool/worker/slow_guests.h"

#include <doctest/doctest.h>
#include <sys/socket.h>

namespace actiond {
namespace {

using std::chrono::seconds;

struct Connected {
  Counters counters{{}};
  DescriptorPair ends = socket_pair();
  Guest guest{std::move(ends[0]), counters};
  SlowGuests::Clock::time_point now{};
  SlowGuests slow{[this] { return now; }};

  static DescriptorPair socket_pair() {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    return {Descriptor(pair[0]), Descriptor(pair[1])};
  }

  // The other end reads the end of the stream at once.
  bool has_ended() const {
    char byte;
    return recv(ends[1].get(), &byte, 1, MSG_DONTWAIT) == 0;
  }
};

TEST_CASE("a request that comes in pieces has ten seconds in all") {
  Connected one;
  one.slow.note(one.guest);
  one.now += seconds(9);
  one.slow.note(one.guest);
  one.slow.end_late();
  CHECK_FALSE(one.has_ended());
  one.now += seconds(2);
  one.slow.end_late();
  CHECK(one.has_ended());
  CHECK(one.slow.empty());
}

TEST_CASE("each piece of a long answer has ten seconds") {
  Connected one;
  one.slow.note(one.guest);
  for (int piece = 0; piece < 5; ++piece) {
    one.now += seconds(9);
    one.slow.renew(one.guest);
    one.slow.end_late();
    CHECK_FALSE(one.has_ended());
  }
  one.now += seconds(11);
  one.slow.end_late();
  CHECK(one.has_ended());
  one.slow.renew(one.guest);  // it has ended
  CHECK(one.slow.empty());
}

}  // namespace
}  // namespace actiond
