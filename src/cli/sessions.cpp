#include <fmt/format.h>

#include "base/count.h"
#include "cli/account.h"
#include "cli/commands.h"

namespace actiond {

void command::list_sessions(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  const Account account = require_account(engine->reader(), email);
  const auto rows = engine->reader().rows<Time, Time, Time, std::string>(
      "SELECT created_at, coalesce(seen_at, created_at), expires_at, browser FROM sessions "
      "WHERE user_id = ? ORDER BY created_at",
      account.id);
  for (const auto& [created, seen, expires, browser] : rows)
    fmt::print("{}\tmade {}\tlast used {}\tends {}\t{}\n", email, to_rfc3339(created),
               to_rfc3339(seen), to_rfc3339(expires), browser);
  fmt::print("{}: {}\n", email, count(rows.size(), "session"));
}

void command::end_sessions(const Settings& settings, const std::string& email) {
  const auto engine = engine_of(settings);
  std::int64_t ended = 0;
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    ended = actiond::end_sessions(tx, account.id);
    record_command(tx, "sessions end", account.id, fmt::format("{} ended", ended));
  });
  fmt::print("{}: {} ended\n", email, count(ended, "session"));
}

}  // namespace actiond
