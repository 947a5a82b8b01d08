// Rules of fields that several forms of the account have, and that the command line keeps to.
#pragma once

#include "forms/rules.h"

namespace actiond::account {

inline Rules email_rules() { return {.required = true, .max = 254, .format = Format::Email}; }
inline Rules name_rules() { return {.required = true, .max = 60, .one_line = true}; }

}  // namespace actiond::account
