#include "account/new_password.h"

#include "account/notices.h"
#include "store/tokens.h"

namespace actiond::account {

void replace_password(Transaction& tx, const Account& account, std::string_view password_hash,
                      const std::string& language) {
  set_password_hash(tx, account.id, password_hash);
  end_sessions(tx, account.id);
  end_mail_links(tx, account.id, LinkPurpose::ResetPassword);
  end_tokens(tx, account.id);
  send_notice(tx, account, "password-changed", language);
}

}  // namespace actiond::account
