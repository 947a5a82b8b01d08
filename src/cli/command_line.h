// The command line of actiond: every command and option.
#pragma once

namespace actiond {

// Runs the command that the words ask for; the exit status: 0 done, 1 not, 2 not understood.
int run_command_line(int argc, char** argv);

}  // namespace actiond
