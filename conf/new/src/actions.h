// The table of contents: an action a line.  The account's own (sign-up, sign-in, …) come by themselves.
#pragma once

#include <actiond.h>

namespace site {

using namespace actiond;

Action guestbook();

Site site();  // made by CMake of what stands above

}  // namespace site
