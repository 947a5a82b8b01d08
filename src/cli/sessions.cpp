#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"

namespace actiond {

void add_sessions(CLI::App& app, const SettingsFile& settings) {
  const auto email = std::make_shared<std::string>();
  CLI::App* sessions = app.add_subcommand("sessions", "The sessions of an account");
  sessions->require_subcommand(1);
  const auto command = [sessions, email](const char* name, const char* description) {
    CLI::App* made = sessions->add_subcommand(name, description);
    made->add_option("EMAIL", *email, "The account")->required();
    return made;
  };

  command("list", "When each was made and last used, when it ends, and in which browser")
      ->callback([&settings, email] {
        Database database(settings.load().database, site_migrations());
        const Account account = require_account(database.reader(), *email);
        const auto rows = database.reader().rows<Time, Time, Time, std::string>(
            "SELECT created_at, coalesce(seen_at, created_at), expires_at, browser FROM sessions "
            "WHERE user_id = ? ORDER BY created_at",
            account.id);
        for (const auto& [created, seen, expires, browser] : rows)
          fmt::print("{}\tmade {}\tlast used {}\tends {}\t{}\n", *email, to_rfc3339(created),
                     to_rfc3339(seen), to_rfc3339(expires), browser);
        fmt::print("{}: {} sessions\n", *email, rows.size());
      });

  command("end", "Sign the account out everywhere, at once")->callback([&settings, email] {
    Database database(settings.load().database, site_migrations());
    std::int64_t ended = 0;
    change_account(database, *email, [&](Transaction& tx, const Account& account) {
      ended = end_sessions(tx, account.id);
    });
    fmt::print("{}: {} sessions ended\n", *email, ended);
  });
}

}  // namespace actiond
