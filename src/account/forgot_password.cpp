#include "account/actions.h"
#include "account/notices.h"
#include "account/rules.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct ForgotPassword {
  std::string email;
  std::string next;
};

const Form<ForgotPassword> form{"forgot-password.html",
                                {
                                    {"email", &ForgotPassword::email, email_rules()},
                                    {"next", &ForgotPassword::next, {.max = 2000}},
                                }};

// Writes the same rows whether or not somebody has the address.
Result mail_link(const Visitor& visitor, const ForgotPassword& input, Transaction& tx) {
  const Time now = visitor.asked_at();
  const auto [account, to] = recipient_of(tx, input.email);
  if (!to) return form.error(&ForgotPassword::email, "field.email");
  send_link(tx, LinkPurpose::ResetPassword,
            {.to = *to,
             .text = "reset-password",
             .account = account,
             .reason = "no account has this address",
             .language = visitor.language(),
             .next = input.next},
            now);
  return Redirect{"/forgot-password.html", "account.reset_mailed"};
}

}  // namespace

Action forgot_password() {
  return public_action("forgot-password", form, mail_link, LimitMails{&ForgotPassword::email});
}

}  // namespace actiond::account
