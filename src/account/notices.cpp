#include "account/notices.h"

#include <utility>

namespace actiond::account {

void send_notice(Transaction& tx, const Account& account, std::string_view text,
                 MailValues values) {
  const auto to = Address::parse(account.email);
  if (!to) return;
  values.emplace("name", account.name);
  order_mail(tx, {.to = *to, .text = std::string(text), .values = std::move(values)});
}

void send_link(Transaction& tx, LinkPurpose purpose, const Address& to, std::string_view text,
               const std::optional<Account>& account, std::string_view reason, Time now,
               MailValues values) {
  const MailLink link = make_mail_link(tx, purpose, to.text(), account, now);
  values.emplace("token", link.token);
  const Mail mail{.to = to,
                  .text = std::string(text),
                  .values = std::move(values),
                  .expires_at = link.expires_at};
  if (account)
    order_mail(tx, mail);
  else
    record_unsent_mail(tx, mail, reason, now);
}

}  // namespace actiond::account
