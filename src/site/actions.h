// The table of contents: an action a line.  CMake makes `site` of it (src/actiond.cmake).
#pragma once

#include "program/site.h"

namespace actiond::site {

Action feedback();
Action feedback_list();
Action profile();
Action premium();
Action reports();
Action report();

// The columns of its tables that tell of people.
std::vector<PersonalColumn> personal();

Site site();

}  // namespace actiond::site
