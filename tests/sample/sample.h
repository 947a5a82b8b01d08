// The site of the tests: visitors comment, and order reviews.  It has one action of each kind.
#pragma once

#include "program/site.h"

namespace actiond::sample {

struct Editor {
  static constexpr std::string_view name = "editor";
  static constexpr Level at_least = Level::Protected;
};

Action comments();
Site site();

}  // namespace actiond::sample
