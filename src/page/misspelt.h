// Attributes that are most likely meant to be ours, such as data-feild.
#pragma once

#include <optional>
#include <string_view>

namespace actiond {

// The attribute of ours that `name` is one slip of the keys away from: a letter too many, too few,
// another, or two the wrong way round.  Authors have attributes of their own, data-shop: what the
// value says has to decide.
std::optional<std::string_view> attribute_meant_by(std::string_view name);

}  // namespace actiond
