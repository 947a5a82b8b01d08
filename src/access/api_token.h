// Tokens that scripts hold in place of a session: "actd_", 30 random letters and digits, and six
// that check them, so that whoever scans texts for lost tokens knows one (as GitHub's), and one
// that was mistyped costs no read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace actiond {

class Reader;
struct Identity;

// As the data know a token: its SHA-256, which needs no salt since nobody guesses 178 bits.
struct ApiTokenHash {
  std::string bytes;
};

std::string new_api_token();

// Nothing for a text that no token has.
std::optional<ApiTokenHash> hash_of_api_token(std::string_view text);

// The rows of tokens.
class ApiTokens {
 public:
  virtual ~ApiTokens() = default;

  // One indexed read.  Nothing for a token that ended, or whose user is disabled.
  virtual std::optional<Identity> find(Reader&, const ApiTokenHash&, Time now) const = 0;
};

}  // namespace actiond
