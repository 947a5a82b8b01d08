#include "account/notices.h"

#include <fmt/format.h>

#include <utility>

#include "base/encoding.h"
#include "base/time.h"
#include "store/account_notices.h"

namespace actiond::account {
namespace {

void order_notice(Transaction& tx, const Account& account, Mail mail) {
  mail.values.emplace("name", name_in_mails(account));
  order_mail(tx, mail);
}

// Many at once are few mails.
void tell_owner(Transaction& tx, const Account& account, std::string_view text, MailValues values,
                const std::string& language, Time now) {
  const auto to = Address::parse(account.email);
  if (!to) return;
  const auto due = when_to_tell(tx, account, text, now);
  if (!due) return;
  order_notice(tx, account,
               {.to = *to,
                .text = std::string(text),
                .values = std::move(values),
                .language = language,
                .due_at = *due});
}

}  // namespace

std::string name_in_mails(const Account& account) {
  return account.email_proven_at ? to_one_line(account.name) : "";
}

Recipient recipient_of(Reader& db, const std::string& email) {
  auto account = find_account(db, email);
  if (account && account->disabled_at) account.reset();
  const auto address = Address::parse(account ? account->email : email);
  return {std::move(account), address};
}

void send_notice(Transaction& tx, const Account& account, std::string_view text,
                 const std::string& language) {
  if (const auto to = Address::parse(account.email))
    order_notice(tx, account, {.to = *to, .text = std::string(text), .language = language});
}

void send_link(Transaction& tx, LinkPurpose purpose, LinkMail mail, Time now) {
  const MailLink link = make_mail_link(tx, purpose, mail.to.text(), mail.account, mail.next, now);
  send_link(tx, link, std::move(mail), now);
}

void send_link(Transaction& tx, const MailLink& link, LinkMail mail, Time now) {
  mail.values.emplace("token", link.token);
  const Mail ordered{.to = mail.to,
                     .text = std::string(mail.text),
                     .values = std::move(mail.values),
                     .language = mail.language,
                     .expires_at = link.expires_at};
  if (mail.account)
    order_mail(tx, ordered);
  else
    record_unsent_mail(tx, ordered, mail.reason, now);
}

void tell_of_token(Transaction& tx, const Account& account, const std::vector<std::string>& actions,
                   Time ends, Time now, const std::string& language) {
  tell_owner(tx, account, "new-token",
             {{"actions", fmt::format("{}", fmt::join(actions, ", "))}, {"until", to_minute(ends)}},
             language, now);
}

void tell_of_password(Transaction& tx, const Account& account, Time now,
                      const std::string& language) {
  tell_owner(tx, account, "password-changed", {}, language, now);
}

std::function<void(Transaction&, const std::string&)> telling_of_sign_in(const Account& account,
                                                                         std::string language,
                                                                         Time now) {
  return
      [account, language = std::move(language), now](Transaction& tx, const std::string& browser) {
        tell_owner(tx, account, "new-sign-in", {{"browser", browser}, {"time", to_minute(now)}},
                   language, now);
      };
}

}  // namespace actiond::account
