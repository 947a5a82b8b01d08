#include <algorithm>
#include <iterator>

#include "account/actions.h"
#include "account/notices.h"
#include "account/proof.h"
#include "action/declare.h"
#include "base/encoding.h"

namespace actiond::account {
namespace {

// By the token of the link, or by the six digits; both are in the mail.
struct MailedSignIn {
  std::string token;
  std::string code;
};

const Form<MailedSignIn> form{mail_sign_in_pages[1],
                              {
                                  {"token", &MailedSignIn::token, {.max = 64}},
                                  {"code", &MailedSignIn::code, {.max = 16}},
                              }};

struct Opening {
  std::string token;
};
const Asked<Opening> opening{{{"token", &Opening::token, {.max = 64}}}};

// As people copy them: "123 456".
std::string digits_in(std::string_view typed) {
  std::string digits;
  std::ranges::copy_if(typed, std::back_inserter(digits), is_digit);
  return digits;
}

std::optional<OpenedLink> find_link(const Visitor& visitor, std::string_view token,
                                    std::string_view code, Reader& db) {
  if (!visitor.ticket()) return std::nullopt;
  return find_sign_in_link(db, *visitor.ticket(), token, code, visitor.asked_at());
}

// Changes nothing: scanners of mail open links as well, and run scripts.
Filled<MailedSignIn> open_link(const Visitor& visitor, const Opening& asked, Reader& db) {
  Filled<MailedSignIn> page{.input = MailedSignIn{}};
  if (asked.token.empty()) return page;
  const auto link = find_link(visitor, asked.token, "", db);
  if (!link) {
    page.content.values.emplace("ended", "1");
    return page;
  }
  page.input->token = asked.token;
  page.content.values.emplace("address", link->email);
  return page;
}

Result start_session(const Visitor& visitor, const MailedSignIn& input, Transaction& tx) {
  const std::string code = digits_in(input.code);
  const auto link = find_link(visitor, input.token, code, tx);
  if (!link || !end_mail_links(tx, link->account.id, LinkPurpose::SignIn))
    return input.token.empty() ? form.error(&MailedSignIn::code, "account.wrong_code")
                               : form.error(&MailedSignIn::token, "account.link_ended");
  take_over(tx, *link, visitor.language(), visitor.asked_at());
  return StartSession{
      .user_id = link->account.id,
      .to = link->next.value_or("/"),
      .proven_account = link->email,
      .in_new_browser = telling_of_sign_in(link->account, visitor.language(), visitor.asked_at())};
}

}  // namespace

Action mailed_sign_in() {
  return public_action("mailed-sign-in", form, start_session, LimitCodes{&MailedSignIn::code},
                       Audited{}, Repeatable{}, Load{opening, open_link},
                       Fills{.outputs = {"ended", "address"}});
}

}  // namespace actiond::account
