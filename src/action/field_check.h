// The fields of a form in a page, compared with those that its actions declare.
#pragma once

#include <string>
#include <vector>

#include "action/page_check.h"
#include "page/outline.h"

namespace actiond {

// Of a form that is posted to `targets`, of which there is one at least:
// - no submission key, where an action must not be done twice;
// - a field, or a place for its message, that no action declares;
// - a required field or a spam trap that is lacking, and a trap that catches everybody;
// - `_shown` and `next` without the word that fills them.
PageFindings check_fields(const std::string& page, const OutlineForm& form,
                          const std::vector<const Action*>& targets);

// "actiond actions --form NAME", which prints a form for the action.
std::string form_command(const Action& action);

}  // namespace actiond
