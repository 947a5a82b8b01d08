#include "cli/account.h"

#include <fmt/format.h>

#include "access/session.h"
#include "cli/local_request.h"
#include "program/program.h"
#include "store/audit.h"

namespace actiond {

Account require_account(Reader& db, const std::string& email) {
  auto account = find_account(db, email);
  if (!account) throw std::runtime_error("there is no account " + email);
  return *std::move(account);
}

void change_account(Store& store, const std::string& email,
                    const std::function<void(Transaction&, const Account&)>& change) {
  store.run([&](Transaction& tx) { change(tx, require_account(tx, email)); });
}

void record_command(Transaction& tx, std::string_view command, std::optional<std::int64_t> user_id,
                    std::string_view outcome) {
  AuditRows().record(tx, {.at = current_time(),
                          .request_id = local_id("command"),
                          .action = command,
                          .user_id = user_id,
                          .outcome = outcome});
}

std::string describe_grant(std::string_view name, std::optional<Time> until) {
  const std::string what = name == paid_grant ? "access" : fmt::format("permission {}", name);
  return until ? fmt::format("{} {}", what, describe_end(*until)) : fmt::format("no {}", what);
}

std::string describe_end(Time until) {
  if (until == forever) return "without end";
  return fmt::format("{} {}", until > current_time() ? "until" : "ended", to_rfc3339(until));
}

}  // namespace actiond
