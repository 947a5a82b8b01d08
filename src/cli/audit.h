// How the rows of the audit are written out.
#pragma once

#include <string>

#include "store/audit.h"

namespace actiond {

// Time, request id, action, user and outcome, with tabs between; a user is an address, or "user 7"
// when the account is gone, or "-".
std::string to_line(const AuditedAction& row);

// The same as a JSON object on one line.
std::string to_json_line(const AuditedAction& row);

}  // namespace actiond
