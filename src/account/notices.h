// Mails about an account, to its owner.
#pragma once

#include <string>
#include <string_view>

#include "store/mail_links.h"
#include "store/outbox.h"

namespace actiond::account {

// The text `name` of conf/mail, which may say {name} and what `values` has.  An address that no
// mail can have gets none.
void send_notice(Transaction& tx, const Account& account, std::string_view text,
                 MailValues values = {});

// A link to `to`: the text may say {token}, and what `values` has.  `account` is whose link it is;
// nothing: it opens nothing, and the mail is not sent, for `reason`.
void send_link(Transaction& tx, LinkPurpose purpose, const Address& to, std::string_view text,
               const std::optional<Account>& account, std::string_view reason, Time now,
               MailValues values = {});

}  // namespace actiond::account
