// A password that takes the place of another.
#pragma once

#include "store/accounts.h"

namespace actiond::account {

// Ends what the old one opened: every session, device that was known, token, and link to a new
// password; not the link to the address that the account had before, whose owner a thief would keep
// out.  The owner gets a mail that says so.
void replace_password(Transaction& tx, const Account& account, std::string_view password_hash,
                      Time now, const std::string& language = {});

}  // namespace actiond::account
