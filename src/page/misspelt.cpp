#include "page/misspelt.h"

#include <algorithm>
#include <array>

namespace actiond {
namespace {

// Without data-if, which is too short to be told from data-id.
constexpr std::array<std::string_view, 13> ours{
    "data-answer", "data-each",   "data-error-for", "data-field", "data-inbox",
    "data-level",  "data-notify", "data-search",    "data-show",  "data-thanks",
    "data-trap",   "data-user",   "data-keep-days"};

bool is_one_slip(std::string_view one, std::string_view other) {
  const auto [a, b] = std::ranges::mismatch(one, other);
  one.remove_prefix(static_cast<std::size_t>(a - one.begin()));
  other.remove_prefix(static_cast<std::size_t>(b - other.begin()));
  while (!one.empty() && !other.empty() && one.back() == other.back()) {
    one.remove_suffix(1);
    other.remove_suffix(1);
  }
  if (one.size() == 2 && other.size() == 2) return one[0] == other[1] && one[1] == other[0];
  return std::max(one.size(), other.size()) == 1;
}

}  // namespace

std::optional<std::string_view> attribute_meant_by(std::string_view name) {
  if (std::ranges::find(ours, name) != ours.end()) return std::nullopt;
  const auto meant =
      std::ranges::find_if(ours, [name](std::string_view one) { return is_one_slip(name, one); });
  return meant == ours.end() ? std::nullopt : std::optional(*meant);
}

}  // namespace actiond
