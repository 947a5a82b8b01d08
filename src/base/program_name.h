// The program that runs, for messages that say what to do with it: each site has its own.
#pragma once

#include <string>
#include <string_view>

namespace actiond {

// "club": the name of its file, and so of its units.
const char* program_name();

// "`club key new`", as a shell takes it; with the name in ACTIOND_CALLED_AS, by which a script runs
// the program.
std::string in_shell(std::string_view words);

}  // namespace actiond
