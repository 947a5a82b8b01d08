#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"

namespace actiond {
namespace {

void set_until(const Settings& settings, const std::string& email, std::optional<Time> until) {
  const auto engine = engine_of(settings);
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    set_access(tx, account.id, until);
  });
  fmt::print("{}: {}\n", email, describe_access(until));
}

}  // namespace

void command::grant(const Settings& settings, const std::string& email, const std::string& until) {
  if (until.empty()) return set_until(settings, email, forever);
  const auto read = from_rfc3339(until);
  if (!read)
    throw WrongUsage("--until", "takes a date, 2027-01-31, or a time, 2027-01-31T12:00:00Z");
  set_until(settings, email, read);
}

void command::revoke(const Settings& settings, const std::string& email) {
  set_until(settings, email, std::nullopt);
}

}  // namespace actiond
