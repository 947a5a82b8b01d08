#include "store/mail_links.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "http/local_path.h"

namespace actiond {
namespace {

constexpr std::size_t link_token_bytes = 24;

std::string hash_of(std::initializer_list<std::string_view> pieces) {
  Sha256 hash;
  for (const std::string_view piece : pieces) hash.add(piece);
  return std::move(hash).finish();
}

// Any six are as likely, as near as 2^64 is a multiple of a million.
std::string random_digits() {
  std::uint64_t number = 0;
  const std::string bytes = random_bytes(sizeof number);
  std::memcpy(&number, bytes.data(), sizeof number);
  return fmt::format("{:06}", number % 1'000'000);
}

struct OfBrowser {
  std::string ticket, code;  // their hashes
};

MailLink make_link(Transaction& tx, LinkPurpose purpose, std::string_view email,
                   const std::optional<Account>& account, std::string_view next, Time now,
                   const std::optional<OfBrowser>& browser) {
  MailLink link{to_base64url(random_bytes(link_token_bytes)), now + life_of(purpose)};
  if (account)
    tx.run("DELETE FROM mail_links WHERE purpose = ? AND email = ? AND user_id = ?", purpose, email,
           account->id);
  tx.run(
      "INSERT INTO mail_links (hash, purpose, email, user_id, expires_at, ticket, code, next) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      Blob{hash_of({link.token})}, purpose, email,
      account ? std::optional(account->id) : std::nullopt, link.expires_at,
      browser ? std::optional(Blob{browser->ticket}) : std::nullopt,
      browser ? std::optional(Blob{browser->code}) : std::nullopt,
      local_path_in(next).value_or(""));
  return link;
}

// Nothing when the account was deleted since `own`, its address, was read.
std::optional<OpenedLink> open_link(Reader& db, LinkPurpose purpose, const std::string& own,
                                    const std::string& sent_to, const std::string& next) {
  auto account = find_account(db, own);
  if (!account) return std::nullopt;
  return OpenedLink{purpose, std::move(*account), sent_to, local_path_in(next)};
}

}  // namespace

std::chrono::minutes life_of(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::ResetPassword: return std::chrono::minutes(30);
    case LinkPurpose::SignIn: return ticket_life;
    case LinkPurpose::ProveAddress: return std::chrono::hours(24);
    case LinkPurpose::TakeBackAddress: return std::chrono::days(7);
  }
  throw std::logic_error("no such purpose of a link");
}

MailLink make_mail_link(Transaction& tx, LinkPurpose purpose, std::string_view email,
                        const std::optional<Account>& account, std::string_view next, Time now) {
  return make_link(tx, purpose, email, account, next, now, std::nullopt);
}

SignInLink make_sign_in_link(Transaction& tx, std::string_view email,
                             const std::optional<Account>& account, std::string_view next,
                             Time now) {
  const Ticket ticket = Ticket::make();
  const std::string code = random_digits();
  const OfBrowser browser{hash_of({ticket.bytes}), hash_of({ticket.bytes, code})};
  return {make_link(tx, LinkPurpose::SignIn, email, account, next, now, browser), ticket, code};
}

std::optional<OpenedLink> find_mail_link(Reader& db, LinkPurpose purpose, std::string_view token,
                                         Time now) {
  const auto row = db.row<std::string, std::string, std::string>(
      "SELECT users.email, mail_links.email, next FROM mail_links "
      "JOIN users ON users.id = mail_links.user_id "
      "WHERE hash = ? AND purpose = ? AND expires_at > ? AND disabled_at IS NULL",
      Blob{hash_of({token})}, purpose, now);
  if (!row) return std::nullopt;
  const auto& [own, sent_to, next] = *row;
  return open_link(db, purpose, own, sent_to, next);
}

std::optional<OpenedLink> find_sign_in_link(Reader& db, const Ticket& ticket,
                                            std::string_view token, std::string_view code,
                                            Time now) {
  const auto row =
      db.row<std::string, std::string, std::string, std::optional<std::string>, std::string>(
          "SELECT hash, code, mail_links.email, users.email, next FROM mail_links "
          "LEFT JOIN users ON users.id = mail_links.user_id AND disabled_at IS NULL "
          "WHERE ticket = ? AND purpose = ? AND expires_at > ?",
          Blob{hash_of({ticket.bytes})}, LinkPurpose::SignIn, now);
  if (!row) return std::nullopt;
  const auto& [token_hash, code_hash, sent_to, own, next] = *row;
  const bool fits = token.empty() ? equal_in_constant_time(code_hash, hash_of({ticket.bytes, code}))
                                  : equal_in_constant_time(token_hash, hash_of({token}));
  // The account may have another address by now.
  if (!fits || !own || to_lower(*own) != to_lower(sent_to)) return std::nullopt;
  return open_link(db, LinkPurpose::SignIn, *own, sent_to, next);
}

void end_mail_links(Transaction& tx, std::int64_t user_id) {
  tx.run("DELETE FROM mail_links WHERE user_id = ?", user_id);
}

bool end_mail_links(Transaction& tx, std::int64_t user_id, LinkPurpose purpose) {
  return tx.change("DELETE FROM mail_links WHERE user_id = ? AND purpose = ?", user_id, purpose) >
         0;
}

void end_all_mail_links(Transaction& tx) { tx.run("DELETE FROM mail_links"); }

}  // namespace actiond
