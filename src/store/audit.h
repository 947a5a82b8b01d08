// Audit rows.
#pragma once

#include <functional>
#include <string>

#include "action/audit.h"

namespace actiond {

constexpr std::chrono::days audited_for(400);

class AuditRows final : public Audit {
 public:
  void record(Transaction& tx, const AuditEntry& entry) const override;
};

// A row as the operator reads it.
struct AuditedAction {
  std::int64_t id;
  Time at;
  std::string request_id;
  std::string action;
  std::optional<std::int64_t> user_id;
  std::optional<std::string> email;  // nothing: nobody, or an account that is gone
  std::string outcome;
};

// Calls `visit` for each row of `since` or later, of that user alone when one is named, oldest
// first.  Holds a thousand rows in memory at most, however many there are.
void read_audit(Reader& db, Time since, std::optional<std::int64_t> user_id,
                const std::function<void(const AuditedAction&)>& visit);

}  // namespace actiond
