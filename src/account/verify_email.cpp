#include "account/actions.h"
#include "account/by_token.h"
#include "account/notices.h"
#include "action/declare.h"

namespace actiond::account {
namespace {

const Form<ByToken> form{"verify-email.html",
                         {{"token", &ByToken::token, {.required = true, .max = 64}}}};

// Of whoever is signed in: a link that was mailed to a wrong address proves nothing there.
std::optional<OpenedLink> own_link(const User& user, const ByToken& asked, Reader& db) {
  auto link = find_mail_link(db, LinkPurpose::ProveAddress, asked.token, user.asked_at());
  if (!link || link->account.id != user.id()) return std::nullopt;
  return link;
}

Filled<ByToken> open_link(const User& user, const ByToken& asked, Reader& db) {
  const auto link = own_link(user, asked, db);
  if (!link) return {.content = {.values = {{"ended", "1"}}}};
  const auto other = find_account(db, link->email);
  return {.input = asked,
          .content = {.values = {{"address", link->email},
                                 {"closes", other && other->id != user.id() ? "1" : ""}}}};
}

Result prove(const User& user, const ByToken& input, Transaction& tx) {
  const auto link = own_link(user, input, tx);
  if (!link) return form.error(&ByToken::token, "account.link_ended");
  if (!set_proven_email(tx, user.id(), link->email, user.asked_at()))
    return form.error(&ByToken::token, "account.taken");
  end_mail_links(tx, user.id(), LinkPurpose::ProveAddress);
  const auto former = Address::parse(link->account.email);
  // Nobody has shown to own one that was not proven: by a mistake in typing it may be a stranger's.
  if (former && link->account.email_proven_at && !find_account(tx, link->account.email))
    send_link(tx, LinkPurpose::TakeBackAddress,
              {.to = *former,
               .text = "email-changed",
               .account = link->account,
               .language = user.language(),
               .values = {{"name", name_in_mails(link->account)}, {"email", link->email}}},
              user.asked_at());
  return Redirect{link->next.value_or("/actions/change-email"), "account.address_proven"};
}

}  // namespace

Action verify_email() {
  return protected_action("verify-email", form, prove, Load{by_token, open_link},
                          Fills{.outputs = {"ended", "address", "closes"}});
}

}  // namespace actiond::account
