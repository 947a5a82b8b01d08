// Submissions that look like spam: messages of the inbox that are held until an operator releases
// or drops them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "action/spam.h"
#include "store/inbox.h"

namespace actiond {

class HeldRows final : public HeldSubmissions {
 public:
  void hold(Transaction& tx, const HeldSubmission& submission, Time now) const override;
};

std::optional<InboxMessage> find_held(Reader& db, std::int64_t id);
// False when there is none.
bool drop_held(Transaction& tx, std::int64_t id);

// As they were sent.
FieldValues values_of(const InboxMessage& held);

}  // namespace actiond
