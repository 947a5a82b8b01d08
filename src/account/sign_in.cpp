#include "account/actions.h"
#include "account/notices.h"
#include "account/rules.h"
#include "action/declare.h"
#include "http/local_path.h"
#include "store/accounts.h"

namespace actiond::account {
namespace {

struct SignIn {
  std::string email;
  std::string password;
  std::string next;
};

const Form<SignIn> form{
    "sign-in.html",
    {
        {"email", &SignIn::email, email_rules()},
        {"password",
         &SignIn::password,
         {.required = true, .max = 1024, .format = Format::Password}},
        {"next", &SignIn::next, {.max = 2000}},  // as the map $actiond_next of nginx has it
    }};

// The same words for a wrong password, an unknown address and a disabled account.
FieldErrors refusal() { return form.error(&SignIn::password, "account.wrong_password"); }

struct Checked {
  std::string password_hash;            // the one that was right
  std::optional<std::string> new_hash;  // when that one is outdated
};

Result start_session(const Visitor& visitor, const SignIn& input, const Checked& checked,
                     Transaction& tx) {
  const auto account = find_account(tx, input.email);
  if (!account || account->disabled_at || account->password_hash != checked.password_hash)
    return refusal();
  if (checked.new_hash) set_password_hash(tx, account->id, *checked.new_hash);
  return StartSession{
      .user_id = account->id,
      .to = local_path_in(input.next).value_or("/"),
      .in_new_browser = telling_of_sign_in(*account, visitor.language(), visitor.asked_at())};
}

}  // namespace

Action sign_in(const PasswordHasher& hasher) {
  const auto check = [&hasher](const Visitor&, const SignIn& input,
                               Reader& db) -> std::variant<Checked, FieldErrors> {
    const auto account = find_account(db, input.email);
    const std::string hash = account ? account->password_hash : unmatchable_hash();
    if (!hasher.verify(input.password, hash)) return refusal();
    if (!is_outdated_hash(hash)) return Checked{hash, std::nullopt};
    return Checked{hash, hasher.hash(input.password)};
  };
  return public_action("sign-in", form, start_session, Before{check},
                       LimitByAccount{&SignIn::email}, Repeatable{});
}

}  // namespace actiond::account
