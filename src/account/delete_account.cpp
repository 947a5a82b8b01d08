#include "account/actions.h"
#include "action/declare.h"
#include "store/accounts.h"

namespace actiond::account {
namespace {

struct DeleteAccount {
  std::string password;
};

const Form<DeleteAccount> form{"delete-account.html",
                               {{"password",
                                 &DeleteAccount::password,
                                 {.required = true, .max = 1024, .format = Format::Password}}}};

FieldErrors refusal() {
  return form.error(&DeleteAccount::password, "account.not_present_password");
}

struct Checked {
  std::string password_hash;
};

Result remove(const User& user, const DeleteAccount&, const Checked& checked, Transaction& tx) {
  const auto account = find_account(tx, user.email());
  // The password was changed after the check.
  if (!account || account->password_hash != checked.password_hash) return refusal();
  actiond::delete_account(tx, account->id);
  return EndSession{"/"};
}

}  // namespace

Action delete_account(const PasswordHasher& hasher) {
  const auto check = [&hasher](const User& user, const DeleteAccount& input,
                               Reader& db) -> std::variant<Checked, FieldErrors> {
    const auto account = find_account(db, user.email());
    if (!account || !hasher.verify(input.password, account->password_hash)) return refusal();
    return Checked{account->password_hash};
  };
  return protected_action("delete-account", form, remove, Before{check}, LimitByOwnAccount{});
}

}  // namespace actiond::account
