// For what held a password, where nothing is freed that would be wiped by that.
#pragma once

#include <string>

namespace actiond {

void wipe(std::string& text);
// What the functions that have returned left below the caller's place on the stack.
void wipe_stack();

}  // namespace actiond
