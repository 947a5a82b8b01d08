// The program of a site: every command of actiond.
#pragma once

#include "program/site.h"

namespace actiond {

// Runs the command that the words ask for; the exit status: 0 done, 1 not, 2 not understood.
int run(const Site& site, int argc, char** argv);

}  // namespace actiond
