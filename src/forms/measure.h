// Numbers, dates and times as their inputs send them, on the scale that `step` counts on: HTML
// sections 2.3.4.3, 2.3.5 and 4.10.5.1.7 to .14.
#pragma once

#include <optional>
#include <string_view>

namespace actiond {

struct Measure {
  std::string_view type;  // of the input
  // Nothing for a text that is no such value.
  std::optional<double> (*read)(std::string_view text);
  double step_scale, default_step, default_base;
  std::string_view message;  // for a text that is no such value
  std::string_view pattern;  // of such a text that is no number and no date; nearly
};

// Nothing for an input that measures nothing.
const Measure* find_measure(std::string_view type);

// Whether `value` lies on a step, as Chromium has it: a remainder below a 2^24th of a step is none.
bool is_on_step(double value, double base, double step);

}  // namespace actiond
