#include "account/actions.h"
#include "account/notices.h"
#include "account/rules.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct SignInByMail {
  std::string email;
  std::string next;
};

const Form<SignInByMail> form{mail_sign_in_pages[0],
                              {
                                  {"email", &SignInByMail::email, email_rules()},
                                  {"next", &SignInByMail::next, {.max = 2000}},
                              }};

// Writes the same rows whether or not somebody has the address.
Result mail_link(const Visitor& visitor, const SignInByMail& input, Transaction& tx) {
  const auto [account, to] = recipient_of(tx, input.email);
  if (!to) return form.error(&SignInByMail::email, "field.email");
  const SignInLink made =
      make_sign_in_link(tx, to->text(), account, input.next, visitor.asked_at());
  send_link(tx, made.link,
            {.to = *to,
             .text = "sign-in",
             .account = account,
             .reason = "no account has this address",
             .language = visitor.language(),
             .values = {{"code", made.code}}},
            visitor.asked_at());
  Redirect next{"/actions/mailed-sign-in", "account.sign_in_mailed"};
  next.ticket = made.ticket;
  return next;
}

}  // namespace

Action sign_in_by_mail() {
  // Each answer has a ticket of its own.
  return public_action("sign-in-by-mail", form, mail_link, LimitMails{&SignInByMail::email},
                       Repeatable{});
}

}  // namespace actiond::account
