// Device cookies: a browser that has signed in to an account before is recognised.
//
// Its tries are counted apart from all others, so that guessing at the account does not lock its
// owner out (OWASP, Slow Down Online Guessing Attacks with Device Cookies).  The cookie signs
// nobody in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/key_ring.h"

namespace actiond {

// 16 random bytes.
struct DeviceId {
  std::string bytes;

  static DeviceId make();
};

// A device is known to an owner: the account, until all its devices are forgotten.  `generation` is
// how often that happened.
std::string device_owner(std::string_view account, std::int64_t generation);

// The value of the device cookie, a token (access/token.h) whose MAC covers `owner` too.  The
// cookie does not say whose it is, and a browser is known to the account that it signed in to last.
std::string sign(const DeviceId& id, std::string_view owner, const KeyRing& keys);

// Nothing when it was made for another owner, or for anything else.
std::optional<DeviceId> verify_device(std::string_view token, std::string_view owner,
                                      const KeyRing& keys);

}  // namespace actiond
