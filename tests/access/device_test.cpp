#include "access/device.h"

#include <doctest/doctest.h>

#include "access/session.h"
#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

const Key older{"older", random_bytes(32)};
const KeyRing keys({KeyRing::new_key(), older});
const std::string account = "ada@example.com";
const DeviceId device_id = DeviceId::make();

TEST_CASE("a device is known to the account that it was signed for, by any key of the ring") {
  for (const KeyRing& ring : {keys, KeyRing({older})}) {
    const auto found = verify_device(sign(device_id, account, ring), account, keys);
    REQUIRE(found);
    CHECK(found->bytes == device_id.bytes);
  }
  CHECK(DeviceId::make().bytes.size() == 16);
  CHECK(DeviceId::make().bytes != device_id.bytes);
}

TEST_CASE("a device is forbidden to every other account, key and purpose") {
  const std::string token = sign(device_id, account, keys);
  for (const std::string other : {"", "ada@example.co", "ada@example.comm", "ADA@example.com",
                                  "ada@example.com.", "da@example.com"}) {
    CAPTURE(other);
    CHECK_FALSE(verify_device(token, other, keys));
  }
  CHECK_FALSE(verify_device(token, account, KeyRing({older})));
  CHECK_FALSE(verify(token, keys));
  CHECK_FALSE(verify_device(sign(SessionId{device_id.bytes}, keys), account, keys));
  CHECK_FALSE(verify_device(sign(SessionId{device_id.bytes}, keys), "", keys));
}

TEST_CASE("every flipped bit and every truncation of a device is forbidden") {
  const std::string token = sign(device_id, account, keys);
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(verify_device(flipped, account, keys));
  }
  for (std::size_t size = 0; size < token.size(); ++size)
    CHECK_FALSE(verify_device(token.substr(0, size), account, keys));
}

TEST_CASE("a device of another size is none, whoever signed it") {
  for (const std::size_t size : {0, 15, 17, 32})
    CHECK_FALSE(
        verify_device(sign(DeviceId{std::string(size, 'x')}, account, keys), account, keys));
}

}  // namespace
}  // namespace actiond
