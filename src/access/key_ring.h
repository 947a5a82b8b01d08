// The secrets that sign sessions: the first whose time has come signs, all verify.
//
// Written one key a line, "ID SECRET": the id [a-z0-9]{1,16}, the secret at least 32 random bytes
// in base64url.  Empty lines and lines that start with '#' are ignored, except two below a key,
// with a time of RFC 3339: "# made TIME" dates it, and before the time of "# signs from TIME" it
// only verifies, so that each of several hosts knows it before one of them signs with it.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace actiond {

struct Key {
  std::string id;
  std::string secret;
  std::optional<Time> made = {};        // nothing: not known
  std::optional<Time> signs_from = {};  // nothing: at once
};

// Names the key and the fault, never a secret.
class WeakKey : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class KeyRing {
 public:
  // Throws WeakKey when there is no key that signs at once, or one is short, not random, doubled or
  // not readable.
  explicit KeyRing(std::vector<Key> keys);
  static KeyRing parse(std::string_view text);

  static Key new_key(std::optional<Time> now = std::nullopt);
  std::string text() const;

  // By `clock` keys begin to sign; without one those that sign later do not.
  void follow(WallClock clock) { clock_ = std::move(clock); }
  const Key& signing() const;
  const Key* find(std::string_view id) const;
  const std::vector<Key>& keys() const { return keys_; }

 private:
  std::vector<Key> keys_;
  WallClock clock_;
};

}  // namespace actiond
