// Shared by the commands about accounts.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "data/store.h"
#include "program/engine.h"
#include "program/settings.h"
#include "store/accounts.h"

namespace actiond {

// Throws when there is no account with this address.
Account require_account(Reader& db, const std::string& email);

// Runs `change` on the account in a transaction.
void change_account(Store& store, const std::string& email,
                    const std::function<void(Transaction&, const Account&)>& change);

// A row of the audit about that account, if there is one, in the transaction of what changes.
void record_command(Transaction& tx, std::string_view command, std::optional<std::int64_t> user_id,
                    std::string_view outcome);

// "no access", "access until 2027-01-31T23:59:59Z", "permission editor without end", …
std::string describe_grant(std::string_view name, std::optional<Time> until);
// "without end", "until 2027-01-31T23:59:59Z", "ended 2020-01-31T23:59:59Z".
std::string describe_end(Time until);

}  // namespace actiond
