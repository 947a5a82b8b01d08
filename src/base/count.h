// Numbers of things, as a person says them.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace actiond {

// "1 session", "2 sessions".
template <class Number>
std::string count(Number number, std::string_view thing) {
  return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

}  // namespace actiond
