#include "account/actions.h"
#include "account/notices.h"
#include "account/rules.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct ChangeEmail {
  std::string email;
  std::string password;
};

const Form<ChangeEmail> form{"change-email.html",
                             {
                                 {"email", &ChangeEmail::email, email_rules()},
                                 {"password",
                                  &ChangeEmail::password,
                                  {.required = true, .max = 1024, .format = Format::Password}},
                             }};

FieldErrors wrong_password() {
  return form.error(&ChangeEmail::password, "account.not_present_password");
}

struct Checked {
  std::string password_hash;
};

// The present address asks for another link to itself.  Nobody learns whether others have one.
Result mail_link(const User& user, const ChangeEmail& input, const Checked& checked,
                 Transaction& tx) {
  const auto account = find_account(tx, user.email());
  // The password was changed after the check.
  if (!account || account->password_hash != checked.password_hash) return wrong_password();
  const auto to = Address::parse(input.email);
  if (!to) return form.error(&ChangeEmail::email, "field.email");
  const auto other = find_account(tx, input.email);
  const bool is_taken = other && other->id != user.id() && other->email_proven_at;
  send_link(tx, LinkPurpose::ProveAddress,
            {.to = *to,
             .text = "verify-email",
             .account = is_taken ? std::nullopt : account,
             .reason = "another account has proven this address",
             .language = user.language()},
            user.asked_at());
  return Redirect{"/actions/change-email", "account.verify_mailed"};
}

Filled<ChangeEmail> load(const User& user, Reader& db) {
  const auto account = find_account(db, user.email());
  const bool is_proven = account && account->email_proven_at;
  return {.input = ChangeEmail{user.email(), ""},
          .content = {.values = {{"proven", is_proven ? "1" : ""}}}};
}

}  // namespace

Action change_email(const PasswordHasher& hasher) {
  const auto check = [&hasher](const User& user, const ChangeEmail& input,
                               Reader& db) -> std::variant<Checked, FieldErrors> {
    const auto account = find_account(db, user.email());
    if (!account || !hasher.verify(input.password, account->password_hash)) return wrong_password();
    return Checked{account->password_hash};
  };
  return protected_action("change-email", form, mail_link, Before{check},
                          LimitMails{&ChangeEmail::email}, Load{load},
                          Fills{.outputs = {"proven"}});
}

}  // namespace actiond::account
