// Spam without silence: what looks like it is not run and not dropped, but kept apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/action.h"

namespace actiond {

// The same action, for a form that has a trap: a field named `trap` that people do not see and
// leave empty, and programs fill in.  What is right in all else and has the trap filled is held;
// the answer says so, in <output name="held">.  Throws std::logic_error for an action that is not
// public, or whose fields must not lie around: passwords and files.
Action hold_spam(Action action, std::string_view trap);

struct Held {
  std::int64_t id;
  Time at;
  std::string action;
  FieldValues fields;  // without the trap and the submission key
};

// The oldest first, those behind the row `after`.
std::vector<Held> held(Reader& db, std::int64_t after = 0, int most = 1000);
std::optional<Held> find_held(Reader& db, std::int64_t id);
// False when there is none.
bool drop_held(Transaction& tx, std::int64_t id);

}  // namespace actiond
