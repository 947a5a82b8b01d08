// State that a process inherits from the one that started it, and must not trust.
#pragma once

namespace actiond {

// Descriptors 0 to 2 that are closed become /dev/null: a file that is opened later under such a
// number would take what is meant for standard error.  Nothing can be written to this standard
// output.
void open_standard_descriptors();

// Signals that were ignored have their default again, but SIGPIPE and SIGXFSZ are ignored: a write
// to a reader that is gone, or beyond RLIMIT_FSIZE, is an error.  Children inherit it.  Of a server
// alone: a command under nohup(1) goes on.
void reset_signals();

}  // namespace actiond
