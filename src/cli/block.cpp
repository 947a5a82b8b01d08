#include <fmt/core.h>

#include "cli/account.h"
#include "cli/commands.h"
#include "program/program.h"
#include "store/grants.h"

namespace actiond {
namespace {

// Leaves a row in the audit when `change` says that it changed something.
void change_block(const Settings& settings, std::string_view command, std::string_view outcome,
                  const std::string& email, bool (*change)(Transaction&, std::int64_t user_id)) {
  const auto engine = engine_of(settings);
  change_account(*engine, email, [&](Transaction& tx, const Account& account) {
    if (change(tx, account.id)) record_command(tx, command, account.id, outcome);
  });
}

}  // namespace

void command::block(const Settings& settings, const std::string& email) {
  change_block(settings, "block", "blocked", email, [](Transaction& tx, std::int64_t id) {
    return block_grants(tx, id, current_time());
  });
  fmt::print("{}: blocked, and nothing that is granted counts\n", email);
}

void command::unblock(const Settings& settings, const std::string& email) {
  change_block(settings, "unblock", "not blocked", email, unblock_grants);
  fmt::print("{}: not blocked\n", email);
}

}  // namespace actiond
