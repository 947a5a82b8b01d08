// One POST of an action: its fields are read in Intake, its transaction is Execution, and Answers
// answers its outcome.
#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "action/submission.h"
#include "action/visit.h"

namespace actiond {

using Outcome = std::variant<Result, Refusal, Problem>;

struct Turn {
  std::shared_ptr<Visit> visit;
  const Action& action;
  FieldValues values = {};
  std::optional<Submission> submission = {};
  Call call = nullptr;   // null: the submission was answered before
  bool is_held = false;  // it looks like spam: its action does not run
  std::optional<Outcome> outcome = {};
};

}  // namespace actiond
