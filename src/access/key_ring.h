// The secrets that sign sessions: the first signs, all verify.
//
// Written one key a line, "ID SECRET": the id [a-z0-9]{1,16}, the secret at least 32 random bytes
// in base64url.  Empty lines and lines that start with '#' are ignored, except "# made TIME" (RFC
// 3339) below a key, which dates it.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace actiond {

struct Key {
  std::string id;
  std::string secret;
  std::optional<Time> made = {};  // nothing: not known
};

// Names the key and the fault, never a secret.
class WeakKey : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class KeyRing {
 public:
  // Throws WeakKey when there is no key, or one is short, not random, doubled or not readable.
  explicit KeyRing(std::vector<Key> keys);
  static KeyRing parse(std::string_view text);

  static Key new_key(std::optional<Time> now = std::nullopt);
  std::string text() const;

  const Key& signing() const { return keys_.front(); }
  const Key* find(std::string_view id) const;
  const std::vector<Key>& keys() const { return keys_; }

 private:
  std::vector<Key> keys_;
};

}  // namespace actiond
