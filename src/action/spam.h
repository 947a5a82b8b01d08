// Spam without silence: a submission that looks like it is neither run nor dropped, but kept apart.
#pragma once

#include <chrono>
#include <string_view>

#include "action/action.h"

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

}  // namespace actiond
