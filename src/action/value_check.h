// The values that a page sends by itself, compared with what the form takes: no visitor can mend
// them.
#pragma once

#include <string>
#include <vector>

#include "action/page_check.h"
#include "page/outline.h"

namespace actiond {

// `targets` are the actions that the form is for, at least one.
PageFindings check_values(const std::string& page, const OutlineForm& form,
                          const std::vector<const Action*>& targets);

}  // namespace actiond
