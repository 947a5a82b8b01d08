// The audit: one row for each effect of an audited action, in the action's own transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "action/result.h"
#include "base/time.h"
#include "data/store.h"

namespace actiond {

struct AuditEntry {
  Time at;
  std::string_view request_id;
  std::string_view action;
  std::optional<std::int64_t> user_id;  // nothing: a public action does not know its visitor
  std::string_view outcome;
};

// The kind of a result that has an effect, without its values: "redirect", "data", "session
// started", "session ended" or "left the site".
std::string_view outcome_of(const Result& result);

// The rows.
class Audit {
 public:
  virtual ~Audit() = default;

  virtual void record(Transaction& tx, const AuditEntry& entry) const = 0;
};

}  // namespace actiond
