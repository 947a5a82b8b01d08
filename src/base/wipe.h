// For a thread that held a password on its stack, which nothing frees.
#pragma once

namespace actiond {

// The 64 KiB below the caller's frame: the frames of functions that have returned.
void wipe_stack();

}  // namespace actiond
