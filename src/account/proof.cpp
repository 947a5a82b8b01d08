#include "account/proof.h"

#include "account/notices.h"
#include "account/password.h"
#include "store/tokens.h"

namespace actiond::account {

void take_over(Transaction& tx, const OpenedLink& link, const std::string& language, Time now) {
  const Account& account = link.account;
  if (!account.email_proven_at) {
    set_password_hash(tx, account.id, unmatchable_hash());
    end_sessions(tx, account.id);
    end_tokens(tx, account.id);
    end_mail_links(tx, account.id);
    send_notice(tx, account, "address-proven", language);
  }
  set_proven_email(tx, account.id, link.email, now);
}

}  // namespace actiond::account
