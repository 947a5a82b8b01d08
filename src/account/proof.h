// An address that its owner proves to have, by a link that was mailed there.
//
// An address that nobody proved reserves nothing: an account may have been made with it by anybody.
#pragma once

#include "store/mail_links.h"

namespace actiond::account {

// The account is its owner's from now on.  At the first proof of its address all that opened it
// before has ended: password, sessions, known devices, tokens, links; and the owner is told.
void take_over(Transaction& tx, const OpenedLink& link, const std::string& language, Time now);

}  // namespace actiond::account
