#include "account/actions.h"
#include "account/by_token.h"
#include "account/new_password.h"
#include "account/notices.h"
#include "action/declare.h"
#include "base/encoding.h"
#include "http/local_path.h"
#include "store/mail_links.h"

namespace actiond::account {
namespace {

struct ResetPassword {
  std::string token;
  std::string password;
};

const Form<ResetPassword> form{"reset-password.html",
                               {
                                   {"token", &ResetPassword::token, {.required = true, .max = 64}},
                                   {"password", &ResetPassword::password, new_password_rules()},
                               }};

FieldErrors refusal() { return form.error(&ResetPassword::token, "account.link_ended"); }

// Taking back the address that the account had before sets a password, too: a thief may have
// changed both.
std::optional<OpenedLink> find_link(std::string_view token, const Visitor& visitor, Reader& db) {
  const Time now = visitor.asked_at();
  if (auto link = find_mail_link(db, LinkPurpose::TakeBackAddress, token, now)) return link;
  auto link = find_mail_link(db, LinkPurpose::ResetPassword, token, now);
  // Not one to an address that the account had before.
  if (!link || to_lower(link->email) != to_lower(link->account.email)) return std::nullopt;
  return link;
}

struct Hashed {
  std::string password_hash;
};

// Changes nothing: scanners of mail open links as well, and run scripts.
Filled<ResetPassword> open_link(const Visitor& visitor, const ByToken& asked, Reader& db) {
  const auto link = find_link(asked.token, visitor, db);
  if (!link) return {.content = {.values = {{"ended", "1"}}}};
  return {.input = ResetPassword{asked.token, ""},
          .content = {.values = {{"address", link->email}}}};
}

Result set_password(const Visitor& visitor, const ResetPassword& input, const Hashed& hashed,
                    Transaction& tx) {
  auto link = find_link(input.token, visitor, tx);
  if (!link || !end_mail_links(tx, link->account.id, link->purpose)) return refusal();
  if (!set_proven_email(tx, link->account.id, link->email, visitor.asked_at()))
    return form.error(&ResetPassword::token, "account.taken");
  // Somebody else may have made the account, and mailed themselves a link.
  if (!link->account.email_proven_at) end_mail_links(tx, link->account.id);
  // The address that loses the account is told as well.
  if (link->purpose == LinkPurpose::TakeBackAddress)
    send_notice(tx, link->account, "password-changed", visitor.language());
  link->account.email = link->email;
  replace_password(tx, link->account, hashed.password_hash, visitor.asked_at(), visitor.language());
  const std::string way_on = link->next ? "?next=" + as_next(*link->next) : "";
  return Redirect{"/sign-in.html" + way_on, "account.password_set", link->email};
}

}  // namespace

Action reset_password(const PasswordHasher& hasher) {
  const auto hash = [&hasher](const Visitor& visitor, const ResetPassword& input,
                              Reader& db) -> std::variant<Hashed, FieldErrors> {
    if (is_common_password(input.password))
      return form.error(&ResetPassword::password, "account.common_password");
    if (!find_link(input.token, visitor, db)) return refusal();
    return Hashed{hasher.hash(input.password)};
  };
  return public_action("reset-password", form, set_password, Before{hash}, Audited{},
                       LimitByNetwork{&ResetPassword::token}, Load{by_token, open_link},
                       Fills{.outputs = {"ended", "address"}});
}

}  // namespace actiond::account
