// Messages of the inbox that actions with the facet Inbox were sent, in the action's own
// transaction.
#pragma once

#include <cstdint>
#include <optional>

#include "action/action.h"
#include "base/time.h"
#include "data/store.h"
#include "forms/field.h"

namespace actiond {

struct SentMessage {
  const Action& action;
  const FieldValues& values;            // as they came: the action has found nothing wrong
  std::optional<std::int64_t> user_id;  // who sent it, where that makes a difference
};

// The messages.
class SentMessages {
 public:
  virtual ~SentMessages() = default;

  virtual void put(Transaction& tx, const SentMessage& sent, Time now) const = 0;
};

}  // namespace actiond
