#include "store/mail_links.h"

#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"

namespace actiond {
namespace {

constexpr std::size_t link_token_bytes = 24;

std::string hash_of(std::string_view link_token) {
  Sha256 hash;
  hash.add(link_token);
  return std::move(hash).finish();
}

}  // namespace

std::chrono::minutes life_of(LinkPurpose purpose) {
  switch (purpose) {
    case LinkPurpose::ResetPassword: return std::chrono::minutes(30);
    case LinkPurpose::ProveAddress: return std::chrono::hours(24);
    case LinkPurpose::TakeBackAddress: return std::chrono::days(7);
  }
  throw std::logic_error("no such purpose of a link");
}

MailLink make_mail_link(Transaction& tx, LinkPurpose purpose, std::string_view email,
                        const std::optional<Account>& account, Time now) {
  MailLink link{to_base64url(random_bytes(link_token_bytes)), now + life_of(purpose)};
  if (account)
    tx.run("DELETE FROM mail_links WHERE purpose = ? AND email = ? AND user_id = ?", purpose, email,
           account->id);
  tx.run(
      "INSERT INTO mail_links (hash, purpose, email, user_id, expires_at) "
      "VALUES (?, ?, ?, ?, ?)",
      Blob{hash_of(link.token)}, purpose, email,
      account ? std::optional(account->id) : std::nullopt, link.expires_at);
  return link;
}

std::optional<OpenedLink> find_mail_link(Reader& db, LinkPurpose purpose, std::string_view token,
                                         Time now) {
  const auto row = db.row<std::string, std::string>(
      "SELECT users.email, mail_links.email FROM mail_links "
      "JOIN users ON users.id = mail_links.user_id "
      "WHERE hash = ? AND purpose = ? AND expires_at > ? AND disabled_at IS NULL",
      Blob{hash_of(token)}, purpose, now);
  if (!row) return std::nullopt;
  const auto& [own, sent_to] = *row;
  return OpenedLink{purpose, *find_account(db, own), sent_to};
}

void end_mail_links(Transaction& tx, std::int64_t user_id, LinkPurpose purpose) {
  tx.run("DELETE FROM mail_links WHERE user_id = ? AND purpose = ?", user_id, purpose);
}

void end_all_mail_links(Transaction& tx) { tx.run("DELETE FROM mail_links"); }

}  // namespace actiond
