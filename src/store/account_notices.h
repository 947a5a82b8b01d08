// When the owner of an account was last told of something, so that many at once are few mails.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "data/store.h"

namespace actiond {

constexpr std::chrono::minutes between_account_notices(10);

// When a mail with `text` that is ordered now is to leave: at once; or, so soon after another, when
// others were waited for; nothing: the one that waits tells of it.  Notes that it was ordered.
std::optional<Time> when_to_tell(Transaction& tx, std::int64_t user_id, std::string_view text,
                                 Time now);

}  // namespace actiond
