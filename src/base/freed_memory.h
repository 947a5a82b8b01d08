// The program's `free`, which wipes.
#pragma once

namespace actiond {

// Does nothing when it is called: a program that calls it is linked with that `free`.
void wipe_freed_memory();

}  // namespace actiond
