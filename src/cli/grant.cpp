#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"

namespace actiond {
namespace {

void set_until(const Settings& settings, const std::string& email, std::optional<Time> until) {
  Database database(settings.database, site_migrations());
  change_account(database, email, [&](Transaction& tx, const Account& account) {
    set_access(tx, account.id, until);
  });
  fmt::print("{}: {}\n", email, describe_access(until));
}

void grant(const Settings& settings, const std::string& email, const std::string& date) {
  if (date.empty()) return set_until(settings, email, forever);
  const auto until = from_rfc3339(date);
  if (!until)
    throw CLI::ValidationError("--until",
                               "takes a date, 2027-01-31, or a time, 2027-01-31T12:00:00Z");
  set_until(settings, email, until);
}

}  // namespace

void add_grant_and_revoke(CLI::App& app, const SettingsFile& settings) {
  struct Arguments {
    std::string email, until;
  };
  const auto arguments = std::make_shared<Arguments>();

  CLI::App* granting = app.add_subcommand("grant", "Give an account paid access");
  granting->add_option("EMAIL", arguments->email, "The account")->required();
  granting->add_option("--until", arguments->until,
                       "The last day (UTC) or moment; without it the access has no end");
  granting->callback(
      [&settings, arguments] { grant(settings.load(), arguments->email, arguments->until); });

  CLI::App* revoking = app.add_subcommand("revoke", "Take paid access away, at once");
  revoking->add_option("EMAIL", arguments->email, "The account")->required();
  revoking->callback(
      [&settings, arguments] { set_until(settings.load(), arguments->email, std::nullopt); });
}

}  // namespace actiond
