// Guessing is limited: how often an account may be tried, and how often from one network, whichever
// worker it reaches.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "access/device.h"
#include "access/key_ring.h"
#include "base/time.h"
#include "data/database.h"

namespace actiond {

// So many tries within `attempt_window`.  The first `free` may follow each other at once; after
// each further one there is a wait, twice as long each time.
struct TryLimit {
  std::size_t tries;
  std::size_t free;
  std::chrono::seconds first_wait;
};

constexpr std::chrono::seconds attempt_window = std::chrono::minutes(15);

// Ten: a thousand guesses a day, while the most common thousand passwords are not accepted at all,
// and whoever mistypes is through after five.
constexpr TryLimit per_account{.tries = 10, .free = 5, .first_wait = std::chrono::seconds(10)};
// Only tries that fail stay counted, so an office behind one address does not notice; and one
// sender tries few accounts.
constexpr TryLimit per_network{.tries = 100, .free = 100, .first_wait = std::chrono::seconds(0)};

// How long after `now` the next try may come, the earlier ones being `newest_first` and none of
// them older than the window; nothing when it may come now.
std::optional<std::chrono::seconds> wait_after(std::span<const Time> newest_first,
                                               const TryLimit& limit, Time now);

// What a try counts against: HMACs, so that the table is no list of who was tried, from where.
struct Attempt {
  std::optional<std::string> account =
      {};               // 32 bytes, of a known device its own; nothing: not counted
  std::string network;  // 32 bytes
  bool from_known_device = false;
};

// E-mail addresses are the same when they differ in ASCII case alone, as for `find_account`.
std::string normalised_account(std::string_view email);

// The network that counts as one sender: of IPv6 the first 64 bits, which one customer has to
// himself (RFC 6177), else the address as it is.
std::string network_of(std::string_view address);

// `action` keeps the tries at one action apart from those at another.  Signed with the newest key:
// a new key forgets what was counted.
std::string attempt_account(std::string_view action, std::string_view account,
                            const std::optional<DeviceId>& device, const KeyRing& keys);
std::string attempt_network(std::string_view address, const KeyRing& keys);

// The rows of tries.
class Attempts {
 public:
  virtual ~Attempts() = default;

  // Nothing when one more try may be made now.
  virtual std::optional<std::chrono::seconds> wait(Reader& db, const Attempt& attempt,
                                                   Time now) const = 0;
  // The id of the try, counted as one that fails.
  virtual std::int64_t count(Transaction& tx, const Attempt& attempt, Time now) const = 0;
  // It did not fail: it counts no longer, and of a known device nothing does.  What others tried at
  // the account stays counted.
  virtual void forgive(Transaction& tx, std::int64_t id, const Attempt& attempt) const = 0;
};

}  // namespace actiond
