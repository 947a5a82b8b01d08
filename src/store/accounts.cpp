#include "store/accounts.h"

#include <fmt/format.h>

#include "store/mail_links.h"
#include "store/tokens.h"

namespace actiond {

std::optional<Account> find_account(Reader& db, std::string_view email) {
  auto row = db.row<std::int64_t, std::string, std::string, std::string, std::optional<Time>,
                    std::optional<Time>>(
      "SELECT id, email, name, password_hash, disabled_at, email_proven_at FROM users "
      "WHERE email = ?",
      email);
  if (!row) return std::nullopt;
  return std::apply([](auto&... column) { return Account{std::move(column)...}; }, *row);
}

std::optional<std::int64_t> add_account(Transaction& tx, std::string_view email,
                                        std::string_view name, std::string_view password_hash) {
  if (tx.row<std::int64_t>("SELECT id FROM users WHERE email = ?", email)) return std::nullopt;
  return tx.run("INSERT INTO users (email, name, password_hash) VALUES (?, ?, ?)", email, name,
                password_hash);
}

namespace {

// Its owner was never shown to be the address's: whoever made it loses it.  What it holds stays,
// for the operator to look at.
void close_unproven(Transaction& tx, std::int64_t user_id, Time now) {
  // No form takes such an address.
  tx.run("UPDATE users SET email = ? WHERE id = ?", fmt::format("former-{}", user_id), user_id);
  disable_account(tx, user_id, now);
  end_mail_links(tx, user_id);
}

}  // namespace

bool set_proven_email(Transaction& tx, std::int64_t user_id, std::string_view email, Time now) {
  const auto other = find_account(tx, email);
  if (other && other->id != user_id) {
    if (other->email_proven_at) return false;
    close_unproven(tx, other->id, now);
  }
  tx.run("UPDATE users SET email = ?, email_proven_at = ? WHERE id = ?", email, now, user_id);
  return true;
}

void set_password_hash(Transaction& tx, std::int64_t user_id, std::string_view password_hash) {
  tx.run("UPDATE users SET password_hash = ? WHERE id = ?", password_hash, user_id);
}

void disable_account(Transaction& tx, std::int64_t user_id, Time now) {
  tx.run("UPDATE users SET disabled_at = ? WHERE id = ?", now, user_id);
  end_sessions(tx, user_id);
  end_tokens(tx, user_id);
}

bool enable_account(Transaction& tx, std::int64_t user_id) {
  return tx.change("UPDATE users SET disabled_at = NULL WHERE id = ? AND disabled_at IS NOT NULL",
                   user_id) > 0;
}

void delete_account(Transaction& tx, std::int64_t user_id) {
  const auto avatar =
      tx.row<std::string>("SELECT avatar FROM users WHERE id = ? AND avatar <> ''", user_id);
  if (avatar) tx.discard(std::get<0>(*avatar));
  tx.run("DELETE FROM users WHERE id = ?", user_id);
}

std::int64_t end_sessions(Transaction& tx, std::int64_t user_id) {
  tx.run("UPDATE users SET device_generation = device_generation + 1 WHERE id = ?", user_id);
  return tx.change("DELETE FROM sessions WHERE user_id = ?", user_id);
}

std::int64_t end_all_sessions(Transaction& tx) { return tx.change("DELETE FROM sessions"); }

}  // namespace actiond
