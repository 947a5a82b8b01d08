#include "account/actions.h"
#include "account/notices.h"
#include "account/rules.h"
#include "action/declare.h"
#include "http/local_path.h"

namespace actiond::account {
namespace {

struct SignUp {
  std::string email;
  std::string password;
  std::string name;
  std::string next;
};

const Form<SignUp> form{"sign-up.html",
                        {
                            {"email", &SignUp::email, email_rules()},
                            {"password", &SignUp::password, new_password_rules()},
                            {"name", &SignUp::name, name_rules()},
                            {"next", &SignUp::next, {.max = 2000}},
                        }};

struct Hashed {
  std::string password_hash;
};

// Where there were too many the account is made without: its owner asks for another link later.
LimitedMail mail_link(const Visitor& visitor, const Address& to, const std::string& next) {
  const auto order = [to, next, language = visitor.language(), now = visitor.asked_at()](
                         Transaction& tx, bool is_allowed) {
    send_link(tx, LinkPurpose::ProveAddress,
              {.to = to,
               .text = "verify-email",
               .account = is_allowed ? find_account(tx, to.text()) : std::nullopt,
               .reason = "too many mails to this address or from the network",
               .language = language,
               .next = next},
              now);
  };
  return {to.text(), order};
}

Result register_user(const Visitor& visitor, const SignUp& input, const Hashed& hashed,
                     Transaction& tx) {
  const auto id = add_account(tx, input.email, input.name, hashed.password_hash);
  if (!id) return form.error(&SignUp::email, "account.taken");
  StartSession started{*id, local_path_in(input.next).value_or("/")};
  if (const auto to = Address::parse(input.email))
    started.mail = mail_link(visitor, *to, input.next);
  return started;
}

}  // namespace

Action sign_up(const PasswordHasher& hasher) {
  const auto hash = [&hasher](const Visitor&, const SignUp& input,
                              Reader&) -> std::variant<Hashed, FieldErrors> {
    if (is_common_password(input.password))
      return form.error(&SignUp::password, "account.common_password");
    return Hashed{hasher.hash(input.password)};
  };
  // It has to say which addresses are taken, since it signs in at once; but not to many questions,
  // and an account costs a hash and a row.
  return public_action("sign-up", form, register_user, Before{hash},
                       LimitByNetwork{&SignUp::email});
}

}  // namespace actiond::account
