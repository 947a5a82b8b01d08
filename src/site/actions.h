// The actions of this site, one file each.
#pragma once

#include <span>
#include <vector>

#include "program/site.h"

namespace actiond::site {

Action feedback();
Action feedback_list();
Action premium();
Action profile();
Action report();
Action reports();

std::vector<Action> actions();
std::span<const Migration> migrations();  // of sql/ here, written by CMake

Site site();

}  // namespace actiond::site
