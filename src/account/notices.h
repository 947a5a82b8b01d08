// Mails about an account, to its owner.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/mail_links.h"
#include "store/outbox.h"

namespace actiond::account {

// Stands there for {name}: one line, and nothing while nobody has proven the account's address,
// which may be anybody's.  Such mails say nothing that a visitor wrote.
std::string name_in_mails(const Account& account);

// The text of conf/mail in `language`, which may say {name}.  An address that no mail can have gets
// none.
void send_notice(Transaction& tx, const Account& account, std::string_view text,
                 const std::string& language);

// Whom a mailed link that lets in is for: the account that has `email`, unless it is disabled, and
// its address as it has it, since in another case of letters that may be another's mailbox; or else
// nobody, and `email` itself.
struct Recipient {
  std::optional<Account> account;
  std::optional<Address> address;  // nothing: no mail can have it
};
Recipient recipient_of(Reader& db, const std::string& email);

struct LinkMail {
  Address to;
  std::string_view text;                  // which may say {token}, and what `values` has
  const std::optional<Account>& account;  // nothing: the mail is not sent, for `reason`
  std::string_view reason = "";
  std::string language = {};
  MailValues values = {};
  std::string_view next = "";  // as make_mail_link has it
};

// A new link of the account to `mail.to`; without an account it opens nothing.
void send_link(Transaction& tx, LinkPurpose purpose, LinkMail mail, Time now);
// One that is there.
void send_link(Transaction& tx, const MailLink& link, LinkMail mail, Time now);

// These tell the owner of what a thief would do.  Many at once are few mails, as `when_to_tell`
// (store/account_notices.h) has it.
//
// A token was made for programs.
void tell_of_token(Transaction& tx, const Account& account, const std::vector<std::string>& actions,
                   Time ends, Time now, const std::string& language = "");
void tell_of_password(Transaction& tx, const Account& account, Time now,
                      const std::string& language);
// For StartSession: somebody signed in with a browser that the account did not know.
std::function<void(Transaction&, const std::string&)> telling_of_sign_in(const Account& account,
                                                                         std::string language,
                                                                         Time now);

}  // namespace actiond::account
