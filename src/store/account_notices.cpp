#include "store/account_notices.h"

#include "store/notice.h"

namespace actiond {

std::optional<Time> when_to_tell(Transaction& tx, std::int64_t user_id, std::string_view text,
                                 Time now) {
  const auto row = tx.row<Time>("SELECT due_at FROM account_notices WHERE user_id = ? AND text = ?",
                                user_id, text);
  const auto last = row ? std::optional(std::get<0>(*row)) : std::nullopt;
  const Notice notice = notice_after(last, now, between_account_notices);
  if (notice == Notice::None) return std::nullopt;
  const Time due = notice == Notice::Now ? now : *last + between_account_notices;
  tx.add(
      "INSERT INTO account_notices (user_id, text, due_at) VALUES (?, ?, ?) "
      "ON CONFLICT (user_id, text) DO UPDATE SET due_at = excluded.due_at",
      user_id, text, due);
  return due;
}

}  // namespace actiond
