// Limits on guessing: how often an account may be tried, and how often one network may try,
// counted over all workers.
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
#include "data/store.h"

namespace actiond {

constexpr std::chrono::seconds attempt_window = std::chrono::minutes(15);
constexpr std::chrono::seconds longest_attempt_window = std::chrono::hours(1);

// At most `tries` within `window`.  The first `free` need no wait in between; the wait after each
// further one is twice the wait before.
struct TryLimit {
  std::size_t tries;
  std::size_t free;
  std::chrono::seconds first_wait;
  std::chrono::seconds window = attempt_window;
};

// 10 in 15 minutes are about a thousand guesses a day, and common passwords are not accepted at
// all; a user who mistypes has five tries without a wait.
constexpr TryLimit per_account{.tries = 10, .free = 5, .first_wait = std::chrono::seconds(10)};
// Whatever devices they come from: cookies that were collected make no more guesses.
constexpr TryLimit per_owner{.tries = 30, .free = 30, .first_wait = std::chrono::seconds(0)};
// Only tries that fail stay counted, so that an office behind one address is not held up.
constexpr TryLimit per_network{.tries = 100, .free = 100, .first_wait = std::chrono::seconds(0)};
// Successes, where each costs the site something: a school class signs up, a flood does not.
constexpr TryLimit per_network_successes{
    .tries = 300, .free = 300, .first_wait = std::chrono::seconds(0)};

// Mails that a visitor has sent to an address, each of them: enough for one who looks in the wrong
// folder, and nobody's mailbox is flooded.
constexpr TryLimit mails_per_account{
    .tries = 3, .free = 3, .first_wait = std::chrono::seconds(0), .window = longest_attempt_window};
constexpr TryLimit mails_per_network{.tries = 20,
                                     .free = 20,
                                     .first_wait = std::chrono::seconds(0),
                                     .window = longest_attempt_window};

// Codes that were typed for one mail, within the mail's life: then that mail is good for nothing.
constexpr TryLimit codes_per_mail{.tries = 5, .free = 5, .first_wait = std::chrono::seconds(0)};

// Posts that were taken, where each leaves a row: a full lecture hall writes, a flood does not.
constexpr TryLimit posts_per_network{
    .tries = 300, .free = 300, .first_wait = std::chrono::seconds(0)};

// The time from `now` until the next try is allowed; nothing: it is allowed now.  None of the
// earlier tries, `newest_first`, is older than the window.
std::optional<std::chrono::seconds> wait_after(std::span<const Time> newest_first,
                                               const TryLimit& limit, Time now);

// The account and network that a try is counted for, as HMACs: the table must not tell them.
// Without an account and owner the network alone counts.
struct Attempt {
  std::optional<std::string> account = {};  // 32 bytes; a known device has its own
  std::optional<std::string> owner = {};    // of the account, whatever the device
  std::string network = {};  // known devices of a network are counted apart from its others
  std::optional<std::string> successes = {};  // of the network, where those are counted too
  bool from_known_device = false;
  // At a secret; one that sends a mail; at the code of a mail, which is its `account`; a post.
  enum class Kind { Secret, Mail, Code, Post } kind = Kind::Secret;
};

// E-mail addresses are the same when they differ in ASCII case alone, as for `find_account`.
std::string normalised_account(std::string_view email);

// Tries at different actions are counted apart.  HMAC with the newest key: a new key forgets the
// counts.
std::string attempt_account(std::string_view action, std::string_view account,
                            const std::optional<DeviceId>& device, const KeyRing& keys);
enum class Tried { ByStranger, ByKnownDevice, WithSuccess, ForMail, AtCode, WithPost, WithToken };
std::string attempt_network(std::string_view address, Tried how, const KeyRing& keys);

// The rows of tries.
class Attempts {
 public:
  virtual ~Attempts() = default;

  // Nothing when one more try may be made now.
  virtual std::optional<std::chrono::seconds> wait(Reader& db, const Attempt& attempt,
                                                   Time now) const = 0;
  // The id of the try, counted as one that fails.
  virtual std::int64_t count(Transaction& tx, const Attempt& attempt, Time now) const = 0;
  // The same, where nobody asks for it later.
  virtual void add(Transaction& tx, const Attempt& attempt, Time now) const = 0;
  // The try succeeded: it no longer counts as one that fails, nor does any of a known device. Tries
  // of others at the account stay counted.
  virtual void forgive(Transaction& tx, std::int64_t id, const Attempt& attempt) const = 0;

  // How often all devices of the account were forgotten; 0 for an unknown address.
  virtual std::int64_t device_generation(Reader& db, std::string_view account) const = 0;
};

}  // namespace actiond
