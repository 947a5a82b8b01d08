// Spam without silence: what looks like it is not run and not dropped, but kept apart.
#pragma once

#include <chrono>
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
//
// So is what comes sooner than two seconds after its page was shown, when the page has a field
// <input type="hidden" name="_shown" value="">, in which nginx notes the time.  The time is not
// signed: this catches who reads the page and sends it at once, not who waits, or leaves the field
// out as scripts do.  What is no time, or lies ahead, is held as well; a clock that is set back can
// make an honest time one of these, and so nothing is lost by it.
Action hold_spam(Action action, std::string_view trap);
// What the field `_shown` says, at `now`, both in seconds since 1970.
bool is_too_quick(std::string_view shown, std::chrono::duration<double> now);

struct Held {
  std::int64_t id;
  Time at;
  std::string action;
  FieldValues fields;  // without the trap, the time and the submission key
};

// The oldest first, those behind the row `after`.
std::vector<Held> held(Reader& db, std::int64_t after = 0, int most = 1000);
std::optional<Held> find_held(Reader& db, std::int64_t id);
// False when there is none.
bool drop_held(Transaction& tx, std::int64_t id);

}  // namespace actiond
