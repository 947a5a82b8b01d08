// The rows of `tokens`: for whoever comes with one, their owners and the operator.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/api_token.h"
#include "access/session.h"

namespace actiond {

constexpr std::chrono::days token_life(90);  // without another end
// Of one account.
constexpr int most_tokens = 50;

class ApiTokenRows final : public ApiTokens {
 public:
  std::optional<Identity> find(Reader& db, const ApiTokenHash& hash, Time now) const override;
};

// A living token as its owner sees it.
struct OwnToken {
  std::int64_t id;
  std::string start;  // "actd_x3Kf", its first letters
  std::vector<std::string> actions;
  Time made_at;
  Time ends_at;
  std::optional<Time> seen_at;  // last used, right to `seen_to_within`; nothing: never
};

// The oldest first.
std::vector<OwnToken> own_tokens(Reader& db, std::int64_t user_id, Time now);

// The end of a token that is to last until `asked`: with the last day of a year from `now` on, the
// year ends in the middle of that day.  Nothing for what has passed, and for later days.
std::optional<Time> token_end(Time asked, Time now);

// The text of a new token for those actions, which is nowhere else from then on.  Nothing when the
// account has `most_tokens` already.
std::optional<std::string> make_token(Transaction& tx, std::int64_t user_id,
                                      const std::vector<std::string>& actions, Time now, Time ends);

// Notes a use.  A token that is gone stays so.
void touch_token(Transaction& tx, const ApiTokenHash& token, Time seen);

// False when the user has none of that number.
bool end_token(Transaction& tx, std::int64_t user_id, std::int64_t id);
void end_tokens(Transaction& tx, std::int64_t user_id);
// How many there were.
std::int64_t end_all_tokens(Transaction& tx);

}  // namespace actiond
