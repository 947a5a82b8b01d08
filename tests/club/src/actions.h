// The table of contents: an action a line.  The account's own (sign-up, sign-in, …) come by
// themselves.
#pragma once

#include <actiond.h>

namespace site {

using namespace actiond;

// Appointed by `actiond permit EMAIL committee`.
struct Committee {
  static constexpr std::string_view name = "committee";
  static constexpr Level at_least = Level::Protected;
};

// For everybody.
Action events();
Action book();
Action adverts();

// For members.
Action my_entries();
Action entry();
Action my_adverts();
Action advert();

// For the committee.
Action entries();
Action cancel();
Action add_event();

std::vector<PersonalColumn> personal();
Site site();  // made by CMake of what stands above

}  // namespace site
