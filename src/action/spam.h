// Spam without silence: a submission that looks like spam is neither run nor dropped, but held
// until an operator has looked at it.
//
// A form that is declared with SpamTrap{"field"} has a field of that name that people do not see
// and leave empty; programs fill it in.  A submission that is right in all else and fills it is
// held, and the answer says so, in <output name="held">.
//
// So is one that comes within two seconds after its page was shown, if the page has a field
// <input type="hidden" name="_shown" value="{shown}">, which gets the time.  The time is not
// signed: this catches programs that read the page and post it at once, not those that wait or
// leave the field out.  A value that is no time, or lies ahead, is held as well; a clock that was
// set back can make an honest time one of these, which is why nothing is dropped.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "data/store.h"
#include "forms/field.h"
#include "forms/form.h"

namespace actiond {

// The output that answers a submission that is held, and the message in it.
constexpr std::string_view held_output = "held";
constexpr std::string_view held_message = "answer.held";

bool looks_like_spam(const FieldValues& values, std::string_view trap, Time now);

// `shown` is the value of the field `_shown`; both are in seconds since 1970.
bool is_too_quick(std::string_view shown, std::chrono::duration<double> now);

// The fields of `values` that `form` declares: all that is held of a submission.
FieldValues declared_fields(const FieldValues& values, const FormDescription& form);

// Throws std::logic_error for a form with a password or a file, which must not be held, and for a
// trap that is a field of the form itself.
void require_trap(std::string_view action, const FormDescription& form, std::string_view trap);

struct HeldSubmission {
  std::string_view action;
  const FieldValues& fields;
  std::optional<std::int64_t> user_id;  // who sent it, where that makes a difference
  bool is_searched;
};

// The submissions that are held.
class HeldSubmissions {
 public:
  virtual ~HeldSubmissions() = default;

  virtual void hold(Transaction& tx, const HeldSubmission& submission, Time now) const = 0;
};

}  // namespace actiond
