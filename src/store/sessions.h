// Session rows in SQLite.
#pragma once

#include "core/session.h"

namespace actiond {

class SessionRows final : public Sessions {
 public:
  std::optional<Identity> find(Reader& db, const SessionId& id, Time now) const override;
  // Also sweeps away a few that expired.
  void start(Transaction& tx, const SessionId& id, std::int64_t user_id, Time now,
             Time expires) const override;
  void end(Transaction& tx, const SessionId& id) const override;
};

}  // namespace actiond
