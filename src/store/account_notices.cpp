#include "store/account_notices.h"

#include <chrono>

#include "base/crypto.h"
#include "base/encoding.h"
#include "store/notice.h"

namespace actiond {
namespace {

constexpr std::chrono::minutes between_account_notices(10);
// The address may be that of somebody who knows nothing of the account: as few as a visitor can
// have mailed there (access/attempts.h).
constexpr std::chrono::hours between_unproven_notices(1);

std::optional<Time> due_after(const std::optional<std::tuple<Time>>& last, Time now,
                              std::chrono::minutes between) {
  const auto told = last ? std::optional(std::get<0>(*last)) : std::nullopt;
  const Notice notice = notice_after(told, now, between);
  if (notice == Notice::None) return std::nullopt;
  return notice == Notice::Now ? now : *told + between;
}

// Kept for the address: its account can be deleted and made again by whoever made it.
std::optional<Time> when_to_tell_unproven(Transaction& tx, const std::string& email,
                                          std::string_view text, Time now) {
  Sha256 hash;
  hash.add(text);
  hash.add(" ");
  hash.add(to_lower(email));
  const std::string name = std::move(hash).finish();
  const auto due = due_after(tx.row<Time>("SELECT at FROM answered WHERE hash = ?", Blob{name}),
                             now, between_unproven_notices);
  if (due)
    tx.add(
        "INSERT INTO answered (hash, at) VALUES (?, ?) "
        "ON CONFLICT (hash) DO UPDATE SET at = excluded.at",
        Blob{name}, *due);
  return due;
}

}  // namespace

std::optional<Time> when_to_tell(Transaction& tx, const Account& account, std::string_view text,
                                 Time now) {
  if (!account.email_proven_at) return when_to_tell_unproven(tx, account.email, text, now);
  const auto due =
      due_after(tx.row<Time>("SELECT due_at FROM account_notices WHERE user_id = ? AND text = ?",
                             account.id, text),
                now, between_account_notices);
  if (due)
    tx.add(
        "INSERT INTO account_notices (user_id, text, due_at) VALUES (?, ?, ?) "
        "ON CONFLICT (user_id, text) DO UPDATE SET due_at = excluded.due_at",
        account.id, text, *due);
  return due;
}

}  // namespace actiond
