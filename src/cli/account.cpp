#include "cli/account.h"

#include <fmt/format.h>

#include "program/program.h"

namespace actiond {

Account require_account(Reader& db, const std::string& email) {
  auto account = find_account(db, email);
  if (!account) throw std::runtime_error("there is no account " + email);
  return *std::move(account);
}

void change_account(Store& store, const std::string& email,
                    const std::function<void(Transaction&, const Account&)>& change) {
  store.write([&](Transaction& tx) {
    change(tx, require_account(tx, email));
    return Verdict::Keep;
  });
}

std::string describe_access(std::optional<Time> until) {
  if (!until) return "no access";
  if (*until == forever) return "access without end";
  return fmt::format("{} {}", *until > current_time() ? "access until" : "access ended",
                     to_rfc3339(*until));
}

}  // namespace actiond
