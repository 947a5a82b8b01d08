#include "account/new_password.h"

#include "account/notices.h"
#include "store/tokens.h"

namespace actiond::account {

void replace_password(Transaction& tx, const Account& account, std::string_view password_hash,
                      Time now, const std::string& language) {
  set_password_hash(tx, account.id, password_hash);
  end_sessions(tx, account.id);
  end_mail_links(tx, account.id, LinkPurpose::ResetPassword);
  end_tokens(tx, account.id);
  tell_of_password(tx, account, now, language);
}

}  // namespace actiond::account
