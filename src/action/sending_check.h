// The way in which a browser sends a form, compared with what its actions read.
#pragma once

#include <string>
#include <vector>

#include "action/page_check.h"
#include "page/outline.h"

namespace actiond {

// Of a form that is posted to `targets`, of which there is one at least:
// - an encoding that no action reads, and a button that does not post;
// - a file of which the form sends the name alone, and an accept that names no kind of file;
// - a maxlength that is more than an action takes;
// - a field that is sent twice, which its action refuses.
PageFindings check_sending(const std::string& page, const OutlineForm& form,
                           const std::vector<const Action*>& targets);

}  // namespace actiond
