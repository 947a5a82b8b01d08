// The permissions of this site: `actiond permit EMAIL NAME` gives one.
#pragma once

#include "access/access.h"

namespace actiond::site {

// Reads what visitors wrote.
struct Editor {
  static constexpr std::string_view name = "editor";
  static constexpr Level at_least = Level::Protected;
};

}  // namespace actiond::site
