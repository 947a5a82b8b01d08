// Links in mails, by which the owner of an address proves to be that.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/ticket.h"
#include "base/names.h"
#include "store/accounts.h"

namespace actiond {

enum class LinkPurpose {
  ResetPassword,
  SignIn,
  ProveAddress,     // that an account has, or that it is to get
  TakeBackAddress,  // the one that an account had before
};

constexpr auto names(LinkPurpose) {
  return std::to_array<Named<LinkPurpose>>({{"reset_password", LinkPurpose::ResetPassword},
                                            {"sign_in", LinkPurpose::SignIn},
                                            {"prove_address", LinkPurpose::ProveAddress},
                                            {"take_back_address", LinkPurpose::TakeBackAddress}});
}

// OWASP, Forgot Password Cheat Sheet: random, short-lived, used once.
std::chrono::minutes life_of(LinkPurpose purpose);

struct MailLink {
  std::string token;  // 32 letters, digits, '-' and '_'
  Time expires_at;
};

// Of a link to sign in by.
struct SignInLink {
  MailLink link;
  Ticket ticket;     // to be the browser's that asked
  std::string code;  // six digits
};

// Takes the place of an earlier link of the account to `email` for the purpose.  Without an account
// the same is written, and the link opens nothing.  `next` is where the visitor goes in the end, if
// it is a path of this site as `local_path_in` (http/local_path.h) reads it: it is kept here, since
// an address in a mail may be anybody's.
MailLink make_mail_link(Transaction& tx, LinkPurpose purpose, std::string_view email,
                        const std::optional<Account>& account, std::string_view next, Time now);

SignInLink make_sign_in_link(Transaction& tx, std::string_view email,
                             const std::optional<Account>& account, std::string_view next,
                             Time now);

struct OpenedLink {
  LinkPurpose purpose;
  Account account;
  std::string email;                     // where the link was sent
  std::optional<std::string> next = {};  // a local path
};

// Nothing when the link has ended.
std::optional<OpenedLink> find_mail_link(Reader& db, LinkPurpose purpose, std::string_view token,
                                         Time now);

// Of a link to sign in by: in the browser that has its ticket, by its token, or if that is empty by
// its code.  The same work whether or not there is an account.
std::optional<OpenedLink> find_sign_in_link(Reader& db, const Ticket& ticket,
                                            std::string_view token, std::string_view code,
                                            Time now);

// Of every purpose.
void end_mail_links(Transaction& tx, std::int64_t user_id);
// False when there is none: of two that use one link at once, the second finds it ended.
bool end_mail_links(Transaction& tx, std::int64_t user_id, LinkPurpose purpose);
void end_all_mail_links(Transaction& tx);

}  // namespace actiond
