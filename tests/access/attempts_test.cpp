#include "access/attempts.h"

#include <doctest/doctest.h>

#include <vector>

#include "base/crypto.h"
#include "http/network.h"

namespace actiond {
namespace {

using namespace std::chrono_literals;

const Time now{1'800'000'000s};

// The wait after tries so many seconds ago, the newest first.
long wait(const std::vector<int>& seconds_ago, const TryLimit& limit = per_account) {
  std::vector<Time> tries;
  for (const int ago : seconds_ago) tries.push_back(now - std::chrono::seconds(ago));
  return wait_after(tries, limit, now).value_or(0s).count();
}

TEST_CASE("an account's waits grow, and end as soon as older tries no longer count") {
  struct Row {
    std::vector<int> seconds_ago;
    long seconds;
  };
  for (const Row& row : std::vector<Row>{
           {{}, 0},
           {{0, 0, 0, 0}, 0},
           {{0, 0, 0, 0, 0}, 10},
           {{9, 9, 9, 9, 9}, 1},
           {{10, 10, 10, 10, 10}, 0},
           {{0, 10, 10, 10, 10, 10}, 20},
           {{0, 0, 0, 0, 0, 0, 0}, 40},
           {{0, 0, 0, 0, 0, 0, 0, 0}, 80},
           {{0, 0, 0, 0, 0, 0, 0, 0, 0}, 160},
           {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 900},
           {{0, 160, 240, 280, 300, 310, 310, 310, 310, 310}, 590},
           // 160 s after the newest, were it not for the oldest ones.
           {{0, 800, 800, 800, 850, 850, 850, 850, 899}, 50},
           {{0, 1, 1, 1, 1, 899, 899, 899, 899, 899}, 10},
           {{899, 899, 899, 899, 899, 899, 899, 899, 899, 899}, 1},
       }) {
    CAPTURE(row.seconds_ago.size());
    CHECK(wait(row.seconds_ago) == row.seconds);
  }
}

TEST_CASE("a network has no waits between, only an end") {
  CHECK(wait(std::vector<int>(99, 0), per_network) == 0);
  CHECK(wait(std::vector<int>(100, 0), per_network) == 900);
  CHECK(wait(std::vector<int>(100, 600), per_network) == 300);
}

TEST_CASE("tries from the future, after a clock was set back, wait no longer than the window") {
  CHECK(wait(std::vector<int>(5, -3600)) == 900);
  CHECK(wait(std::vector<int>(10, -3600)) == 900);
}

TEST_CASE("a network is an IPv4 address, or the first half of an IPv6 one") {
  struct Row {
    std::string address, network;
  };
  for (const Row& row : {Row{"192.0.2.1", "192.0.2.1"}, Row{"::ffff:192.0.2.1", "192.0.2.1"},
                         Row{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
                         Row{"2001:0DB8:0001:0002::", "2001:db8:1:2::/64"}, Row{"::1", "::/64"},
                         Row{"unix:", "unix:"}, Row{"", ""}}) {
    CAPTURE(row.address);
    CHECK(network_of(row.address) == row.network);
  }
}

TEST_CASE("this machine is every address that leads back to it, and no other") {
  for (const char* own : {"127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"})
    CHECK_MESSAGE(is_loopback(own), own);
  for (const char* other : {"128.0.0.1", "192.0.2.1", "::", "::2", "::ffff:192.0.2.1", "1::1",
                            "127.example.com", "unix:", ""})
    CHECK_MESSAGE(!is_loopback(other), other);
  for (const char* own : {"localhost", "127.0.0.1", "[::1]"})
    CHECK_MESSAGE(is_loopback_host(own), own);
  for (const char* other : {"127.0.0.1.evil.example", "localhost.evil.example", "[::2]", ""})
    CHECK_MESSAGE(!is_loopback_host(other), other);
}

TEST_CASE(
    "what is counted together is told apart by action, account, device and key, and no further") {
  const KeyRing keys({KeyRing::new_key()}), others({KeyRing::new_key()});
  const DeviceId device = DeviceId::make();
  const std::string plain = attempt_account("sign-in", "a@b.example", std::nullopt, keys);
  CHECK(plain.size() == 32);
  CHECK(plain == attempt_account("sign-in", "a@b.example", std::nullopt, keys));
  for (const std::string& other : {attempt_account("sign-up", "a@b.example", std::nullopt, keys),
                                   attempt_account("sign-in", "b@b.example", std::nullopt, keys),
                                   attempt_account("sign-in", "a@b.example", device, keys),
                                   attempt_account("sign-in", "a@b.example", std::nullopt, others),
                                   attempt_network("a@b.example", Tried::ByStranger, keys)})
    CHECK(plain != other);
  CHECK(attempt_account("sign-in", "a@b.example", device, keys) !=
        attempt_account("sign-in", "a@b.example", DeviceId::make(), keys));
  CHECK(normalised_account("Ada@EXAMPLE.com") == "ada@example.com");
}

}  // namespace
}  // namespace actiond
