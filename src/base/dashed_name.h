// [a-z0-9-]+, what the author of a site names things with: its actions, frames and program.
#pragma once

#include <algorithm>
#include <string_view>

namespace actiond {

constexpr bool is_dashed_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace actiond
