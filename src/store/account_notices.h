// When the owner of an account was last told of something, so that many at once are few mails.
#pragma once

#include <optional>
#include <string_view>

#include "store/accounts.h"

namespace actiond {

// When a mail with `text` that is ordered now is to leave: at once; or, so soon after another, when
// others were waited for; nothing: the one that waits tells of it.  Notes that it was ordered.
// Between two lie ten minutes, and an hour where nobody has proven the account's address.
std::optional<Time> when_to_tell(Transaction& tx, const Account& account, std::string_view text,
                                 Time now);

}  // namespace actiond
