#include "account/notices.h"

#include <fmt/format.h>

#include <utility>

#include "base/time.h"
#include "store/account_notices.h"
#include "store/accounts.h"

namespace actiond::account {
namespace {

void order_notice(Transaction& tx, const Account& account, Mail mail) {
  mail.values.emplace("name", account.name);
  order_mail(tx, mail);
}

}  // namespace

Recipient recipient_of(Reader& db, const std::string& email) {
  auto account = find_account(db, email);
  if (account && account->disabled_at) account.reset();
  const auto address = Address::parse(account ? account->email : email);
  return {std::move(account), address};
}

void send_notice(Transaction& tx, const Account& account, std::string_view text,
                 const std::string& language, MailValues values) {
  const auto to = Address::parse(account.email);
  if (!to) return;
  order_notice(
      tx, account,
      {.to = *to, .text = std::string(text), .values = std::move(values), .language = language});
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
                   Time ends, const std::string& language) {
  send_notice(
      tx, account, "new-token", language,
      {{"actions", fmt::format("{}", fmt::join(actions, ", "))}, {"until", to_minute(ends)}});
}

std::function<void(Transaction&, const std::string&)> telling_of_sign_in(const Account& account,
                                                                         std::string language,
                                                                         Time now) {
  return
      [account, language = std::move(language), now](Transaction& tx, const std::string& browser) {
        constexpr std::string_view text = "new-sign-in";
        const auto to = Address::parse(account.email);
        if (!to) return;
        const auto due = when_to_tell(tx, account.id, text, now);
        if (!due) return;
        order_notice(tx, account,
                     {.to = *to,
                      .text = std::string(text),
                      .values = {{"browser", browser}, {"time", to_minute(now)}},
                      .language = language,
                      .due_at = *due});
      };
}

}  // namespace actiond::account
