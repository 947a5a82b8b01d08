#include "account/actions.h"
#include "account/new_password.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

struct ChangePassword {
  std::string present;
  std::string password;
};

const Form<ChangePassword> form{"change-password.html",
                                {
                                    {"present",
                                     &ChangePassword::present,
                                     {.required = true, .max = 1024, .format = Format::Password}},
                                    {"password", &ChangePassword::password, new_password_rules()},
                                }};

FieldErrors refusal() {
  return form.error(&ChangePassword::present, "account.not_present_password");
}

struct Checked {
  std::string present_hash;
  std::string new_hash;
};

Result change(const User& user, const ChangePassword&, const Checked& checked, Transaction& tx) {
  const auto account = find_account(tx, user.email());
  // The password was changed after the check.
  if (!account || account->password_hash != checked.present_hash) return refusal();
  replace_password(tx, *account, checked.new_hash, user.asked_at(), user.language());
  return StartSession{user.id(), "/actions/sessions"};
}

}  // namespace

Action change_password(const PasswordHasher& hasher) {
  const auto check = [&hasher](const User& user, const ChangePassword& input,
                               Reader& db) -> std::variant<Checked, FieldErrors> {
    if (is_common_password(input.password))
      return form.error(&ChangePassword::password, "account.common_password");
    const auto account = find_account(db, user.email());
    if (!account || !hasher.verify(input.present, account->password_hash)) return refusal();
    return Checked{account->password_hash, hasher.hash(input.password)};
  };
  // The thief of a session must not get the password by guessing as well.
  return protected_action("change-password", form, change, Before{check}, LimitByOwnAccount{});
}

}  // namespace actiond::account
