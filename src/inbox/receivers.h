// Where messages of the inbox go: to forms without code, and to actions in code whose messages lie
// there or whose spam is held.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "action/action.h"
#include "inbox/action_messages.h"
#include "inbox/inbox_form.h"

namespace actiond {

class Receivers {
 public:
  // Of `in_code` those that have a spam trap or an inbox; `owners` are told of their messages.
  Receivers(std::vector<std::shared_ptr<const InboxForm>> forms, std::vector<Action> in_code,
            std::vector<Address> owners);

  // Of the forms and the actions.
  std::vector<std::string> names() const;
  // The names of its fields; none when there is no such form or action any more.
  std::vector<std::string> fields_of(std::string_view name) const;

  // Runs what is held under `id` as if it had just come, told by mail and all, and then holds it no
  // longer: a message of a form without code, or of an action with an inbox, is a new one; any
  // other is gone.
  // Answers why not, which leaves it held: the transaction is to be undone.
  std::optional<std::string> release(Transaction& tx, std::int64_t id, Time now) const;

  struct Moved {
    bool is_there = true;
    std::optional<std::string> refusal = {};  // as `release` says it
  };
  // Moves a message to a state; one that is held is released on its way to any but spam and trash.
  Moved move(Transaction& tx, std::int64_t id, MessageState to, Time now) const;

 private:
  std::vector<std::shared_ptr<const InboxForm>> forms_;
  std::vector<Action> in_code_;
  ActionMessages action_messages_;
};

}  // namespace actiond
