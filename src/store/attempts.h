// Rows of tries.
#pragma once

#include "access/attempts.h"

namespace actiond {

class AttemptRows final : public Attempts {
 public:
  std::optional<std::chrono::seconds> wait(Reader& db, const Attempt& attempt,
                                           Time now) const override;
  std::int64_t count(Transaction& tx, const Attempt& attempt, Time now) const override;
  void add(Transaction& tx, const Attempt& attempt, Time now) const override;
  void forgive(Transaction& tx, std::int64_t id, const Attempt& attempt) const override;
  std::int64_t device_generation(Reader& db, std::string_view account) const override;
};

}  // namespace actiond
